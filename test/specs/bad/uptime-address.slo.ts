import { availability, ratio, service, uptimeCheck } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' })],
  uptime: [uptimeCheck({ id: 'outside', host: 'https://shop.example.com/', path: 'health' })],
});
