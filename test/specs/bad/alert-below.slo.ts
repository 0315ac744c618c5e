import { availability, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [
    availability({
      goal: 0.999,
      period: '28d',
      alertBelow: 0.9995,
      sli: ratio('reads', { good: { ok: 'true' } }),
      why: 'Because.',
    }),
  ],
});
