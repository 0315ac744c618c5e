import { availability, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',

  runbook: 'https://example.com/runbook',
  traffic: { quietestHour: 10 },
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
});
