import { availability, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  dependsOn: [
    { service: 'Pub/Sub', promises: 0.9995, synchronous: true },
    { service: 'Cloud Run', promises: 0.9995, synchronous: true },
    { service: 'BigQuery', promises: 0.9999, synchronous: true },
  ],
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
});
