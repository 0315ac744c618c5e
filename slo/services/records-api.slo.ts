import {
  availability,
  burnRateAlerts,
  cloudRun,
  cloudRunRequestCount,
  cloudRunRequests,
  dropTo,
  freshness,
  histogram,
  latency,
  ratio,
  service,
  slowerThan,
  uptimeCheck,
  uptimePassed,
  windows,
} from 'burnline';
import { signals } from '../../telemetry/signals.ts';

// Of a young or quiet service one failed request is a large share. Clients retry once, so that it may be two.
const notForOne = burnRateAlerts({ badEventsAbove: 2 });

const outside = uptimeCheck({ id: 'records-api-outside', host: 'records.example.com', path: '/ready', every: '1m' });
// Traffic that we make ourselves is no user's.
const requests = histogram(signals.httpServerDuration, {
  'http.route': ['/records', '/records/:id'],
  synthetic: { not: 'true' },
});

export const recordsApi = service('records-api', {
  title: 'Records API',
  owner: 'data-platform',
  runsOn: cloudRun({ service: 'records-api', location: 'us-central1' }),
  slos: [
    availability({
      goal: 0.999,
      period: '28d',
      sli: cloudRunRequests(),
      alertBelow: 0.995,
      alerts: notForOne,
      why: 'Third parties build on the API and retry once: one failed request in a thousand is what they do not notice. Below 99.5 % they do, whatever the month looks like.',
    }),
    latency({
      goal: 0.99,
      under: '200ms',
      period: '28d',
      sli: requests,
      why: 'Reads are one page of an interface that people wait for: above 200 ms it feels slow. The server’s own histogram has a bound at the threshold, so requests are counted and not estimated.',
    }),
    freshness({
      goal: 0.99,
      under: '60s',
      period: '28d',
      sli: ratio(signals.reads, { bad: { fresh: 'false' } }),
      alerts: notForOne,
      why: 'Reads come from a replica. What is older than a minute is a wrong answer to somebody who has just written.',
    }),
    availability({
      id: 'outside',
      title: 'Reachable from outside',
      goal: 0.995,
      period: '28d',
      sli: windows({ every: '1m', good: { anyTrue: uptimePassed(outside) } }),
      alerts: burnRateAlerts({ absentAfter: '30m' }),
      why: 'Cloud Run does not count requests that never reach a container: for lack of instances, for a wrong certificate or name. Somebody has to ask from outside.',
    }),
  ],
  uptime: [outside],
  traffic: { quietestHour: 600 },
  dependsOn: [
    { service: 'Cloud Run', promises: 0.9995, synchronous: true },
    { service: 'BigQuery', promises: 0.9999, synchronous: false },
  ],
  discarded: [
    {
      sli: 'CPU and memory utilisation',
      why: 'No user sees them. They explain an incident and stand on the dashboard.',
    },
    { sli: 'Mean latency', why: 'A mean hides the slow tenth of the requests behind nine fast tenths.' },
    {
      sli: 'Latency as Cloud Run measures it',
      why: 'Its buckets have no bound at 200 ms: the share under the threshold would be an estimate.',
    },
    {
      sli: 'Age of the replica as a gauge',
      why: 'A mean over instances hides the one that hangs, and it counts moments in which nobody reads.',
    },
  ],
  alerts: burnRateAlerts(),
  causes: [
    slowerThan('200ms', {
      id: 'slow',
      title: 'Slow requests',
      of: requests,
      percentile: 95,
      for: '10m',
      why: 'The first sign of a full replica or a busy event loop, long before the budget is at stake.',
    }),
    dropTo(0.2, {
      id: 'traffic-drop',
      title: 'Traffic has dropped',
      of: cloudRunRequestCount(),
      window: '15m',
      comparedTo: '1h',
      why: 'Users who cannot reach the API send nothing that could fail: every ratio stays good.',
    }),
  ],
  freeze: { below: 0.1 },
  runbook: 'runbooks/records-api.md',
  labels: { team: 'data-platform' },
});
