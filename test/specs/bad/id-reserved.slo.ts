import { availability, ratio, service } from 'burnline';

export const bad = service('fleet', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
});
