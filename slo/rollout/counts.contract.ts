import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, createManualClock } from '../../base/clock.ts';
import type { Count } from '../statistics/two-sample.ts';
import type { Counts } from './counts.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE_MS = 60_000;
const REVISIONS = { new: 'api-2', old: 'api-1' };

/** What all counts do, from a world of which is said what each revision answers in the minute that begins at a time. */
export function testCounts(
  kind: string,
  open: (
    clock: Clock,
    perMinute: (revision: string, startMs: number) => Count,
  ) => Promise<{ counts: Counts } & AsyncDisposable>,
): void {
  test(`${kind}: requests and failed ones are summed up for each revision over the minutes that can be read`, async () => {
    const world: Record<string, Count> = { 'api-1': { total: 90, bad: 2 }, 'api-2': { total: 10, bad: 1 } };
    const clock = createManualClock(NOON + 12 * MINUTE_MS);
    await using opened = await open(clock, revision => world[revision] ?? { total: 1000, bad: 1000 });
    const between = (fromMs: number) => opened.counts.between(fromMs, clock.now(), REVISIONS);
    assert.deepEqual(await between(NOON), { new: { total: 100, bad: 10 }, old: { total: 900, bad: 20 } });
    clock.advance(5 * MINUTE_MS);
    assert.deepEqual(await between(NOON), { new: { total: 150, bad: 15 }, old: { total: 1350, bad: 30 } });
  });

  test(`${kind}: a sample that began before is left out, for it holds what is not meant`, async () => {
    const clock = createManualClock(NOON + 10 * MINUTE_MS);
    const perMinute = (_: string, startMs: number) => ({ total: startMs < NOON ? 500 : 10, bad: 0 });
    await using opened = await open(clock, perMinute);
    const [exact, after] = await Promise.all(
      [NOON, NOON - 1500].map(fromMs => opened.counts.between(fromMs, clock.now(), REVISIONS)),
    );
    assert.deepEqual(exact, { new: { total: 80, bad: 0 }, old: { total: 80, bad: 0 } });
    assert.deepEqual(after, exact);
  });

  test(`${kind}: a revision that answered nothing has zero requests`, async () => {
    const clock = createManualClock(NOON);
    await using opened = await open(clock, revision => ({ total: revision === 'api-1' ? 7 : 0, bad: 0 }));
    const found = await opened.counts.between(NOON - 4 * MINUTE_MS, NOON, REVISIONS);
    assert.deepEqual(found, { new: { total: 0, bad: 0 }, old: { total: 14, bad: 0 } });
    const none = await opened.counts.between(NOON - MINUTE_MS, NOON, REVISIONS);
    assert.deepEqual(none, { new: { total: 0, bad: 0 }, old: { total: 0, bad: 0 } });
  });
}
