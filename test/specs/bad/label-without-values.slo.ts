import { availability, counter, moreThan, ratio, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli: ratio('reads', { good: { ok: [] } }), why: 'Because.' })],
  causes: [
    moreThan(5, {
      id: 'errors',
      title: 'Errors',
      of: counter('errors', { kind: { not: [] } }),
      in: '10m',
      why: 'Because.',
    }),
  ],
});
