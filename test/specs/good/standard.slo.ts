import {
  availability,
  burnRateAlerts,
  cloudRun,
  cloudRunRequests,
  freshness,
  httpServerDuration,
  latency,
  ratio,
  service,
} from 'burnline';

const why = 'Users retry once, and notice the second failure.';

export const api = service('api', {
  owner: 'team',
  runsOn: cloudRun({ service: 'api', location: 'us-central1' }),
  traffic: { quietestHour: 400 },
  runbook: 'https://example.com/api',
  dependsOn: [{ service: 'queue', promises: 0.9, synchronous: false }],
  freeze: { below: 0.1 },
  labels: { team: 'team' },
  slos: ([7, 14, 28, 30] as const).flatMap(days => [
    availability({ id: `availability-${days}`, goal: 0.999, period: `${days}d`, sli: cloudRunRequests(), why }),
    latency({
      id: `latency-${days}`,
      goal: 0.99,
      period: `${days}d`,
      under: '200ms',
      sli: httpServerDuration({ route: '/records' }),
      why,
    }),
  ]),
});

export const quiet = service('quiet', {
  owner: 'team',
  traffic: { quietestHour: 4 },
  runbook: 'https://example.com/quiet',
  alerts: burnRateAlerts({ badEventsAbove: 3, onePage: true, absentAfter: 'never' }),
  slos: [
    freshness({ goal: 0.99, calendar: 'month', under: '60s', sli: ratio('reads', { good: { fresh: 'true' } }), why }),
  ],
});
