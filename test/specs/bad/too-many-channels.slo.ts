import { availability, email, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
  notify: { page: Array.from({ length: 17 }, (_, n) => email(`person-${n}`, `person-${n}@example.com`)) },
});
