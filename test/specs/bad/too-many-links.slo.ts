import { availability, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
  links: { Dashboard: 'https://example.com/1', Repository: 'https://example.com/2', Chat: 'https://example.com/3' },
});
