import { availability, counter, ratio, service } from 'burnline';

// @ts-expect-error exactly two of good, bad and total
const sli = ratio({ good: counter('good'), bad: counter('bad'), total: counter('total') });

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [availability({ goal: 0.999, period: '28d', sli, why: 'Because.' })],
});
