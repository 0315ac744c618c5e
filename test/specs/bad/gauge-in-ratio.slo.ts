import { availability, counter, gauge, ratio, service } from 'burnline';

// @ts-expect-error a gauge counts no events
const sli = ratio({ good: gauge('g'), total: counter('c') });

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli, why: 'Because.' })],
});
