import { freshness, objective, pubsubHealth, pubsubOldestUnackedAge, service, windows } from 'burnline';

const why = 'A window is good or it is not.';

/** An array of services is an export too. */
export const pipelines = ['orders', 'returns'].map(name =>
  service(name, {
    owner: 'team',
    runbook: 'https://example.com/pipelines',
    slos: [
      freshness({
        goal: 0.95,
        period: '28d',
        under: '60s',
        sli: windows({ every: '1m', good: { mean: pubsubOldestUnackedAge(name), max: 60 } }),
        why,
      }),
      objective({
        id: 'delivery',
        title: 'Healthy delivery',
        goal: 0.9,
        period: '28d',
        sli: windows({ every: '5m', good: { anyTrue: pubsubHealth(name, 'ack_latency') } }),
        alerts: {
          tiers: [{ name: 'ticket', severity: 'ticket', long: '24h', share: 0.1 }],
          onePage: false,
          absentAfterSeconds: 0,
        },
        why,
      }),
    ],
  }),
);
