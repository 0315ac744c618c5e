import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, counter, gauge, histogram, latency, ratio } from 'burnline';
import { signals } from '../../telemetry/signals.ts';

const sli = ratio('reads', { good: { ok: 'true' } });
const common = { goal: 0.99, why: 'w' } as const;

// What stands below a `@ts-expect-error` compiles only as long as it is a type error.
test('a wrong spec is a type error where it can be', () => {
  const wrong = [
    // @ts-expect-error a period and a calendar at once
    () => availability({ ...common, sli, period: '28d', calendar: 'month' }),
    // @ts-expect-error no period
    () => availability({ ...common, sli }),
    // @ts-expect-error a latency without a threshold
    () => latency({ ...common, period: '28d', sli: histogram('d') }),
    // @ts-expect-error a gauge in a ratio
    () => ratio({ good: gauge('g'), total: counter('c') }),
    // @ts-expect-error a gauge of the registry in a ratio
    () => ratio(signals.replicaAge, { good: {} }),
    // @ts-expect-error a label value that the signal never has
    () => ratio(signals.reads, { good: { fresh: 'yes' } }),
    // @ts-expect-error a label that the signal does not have
    () => ratio(signals.reads, { good: { stale: 'true' } }),
    // @ts-expect-error a histogram counts no events
    () => availability({ ...common, period: '28d', sli: histogram('d') }),
    // @ts-expect-error no reason
    () => availability({ goal: 0.99, period: '28d', sli }),
  ];
  assert.equal(wrong.length, 9);
});
