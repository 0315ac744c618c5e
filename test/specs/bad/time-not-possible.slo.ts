import { above, availability, gauge, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
  causes: [above(5, { id: 'age', title: 'Old', of: gauge('age'), for: '90s', why: 'Because.' })],
});
