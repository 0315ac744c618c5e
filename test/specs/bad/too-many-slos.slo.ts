import { availability, ratio, service } from 'burnline';

const slo = (id: number) =>
  availability({
    id: `slo-${id}`,
    goal: 0.999,
    period: '28d',
    sli: ratio('reads', { good: { ok: 'true' } }),
    why: 'Because.',
  });

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: Array.from({ length: 501 }, (_, id) => slo(id)),
});
