import { freshness, gauge, service, windows } from 'burnline';

// @ts-expect-error a gauge of numbers is neither true nor false
const sli = windows({ every: '1m', good: { anyTrue: gauge('age') } });

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [freshness({ goal: 0.95, period: '28d', under: '60s', sli, why: 'Because.' })],
});
