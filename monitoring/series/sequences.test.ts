import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { Increment, Point, SeriesIdentity, Value } from '../model.ts';
import { openSeriesStore } from './store.ts';
import { distributionOf, MINUTE_MS, recorder, START_MS, seriesOf } from './testing.ts';

/** What may happen to a process that counts, and to the store that its counts go to. */
type Event =
  | { does: 'export'; counts: [number, number, number]; afterMs: number }
  | { does: 'exportMany'; times: number }
  | { does: 'restart'; afterMs: number }
  | { does: 'forget' }
  | { does: 'late'; beforeMs: number }
  | { does: 'repeat' }
  | { does: 'tidy' }
  | { does: 'reopen' };

const counts = fc.tuple(fc.nat(9), fc.nat(300), fc.nat(70_000));
const afterMs = fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constant(MINUTE_MS), fc.integer({ min: 1, max: 2e7 }));
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('export'), counts, afterMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('exportMany'), times: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart'), afterMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forget') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('late'), beforeMs: fc.nat(1e6) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('repeat') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('tidy') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reopen') }) },
) as fc.Arbitrary<Event>;

/** How a kind of series tells of what was counted, and how much a value tells of. */
const kinds: Readonly<
  Record<
    string,
    { series: SeriesIdentity; tell(counted: [number, number, number]): Value; amount(value: Value): number }
  >
> = {
  numbers: {
    series: seriesOf('CUMULATIVE', 'DOUBLE'),
    tell: ([a, b, c]) => (a + b + c) / 4,
    amount: value => Number(value) * 4,
  },
  distributions: {
    series: seriesOf('CUMULATIVE', 'DISTRIBUTION'),
    tell: counted => distributionOf(counted, counted[2] / 8),
    amount: value => (typeof value === 'object' ? value.counts.reduce((sum, count) => sum + count, 0) : Number.NaN),
  },
  deltas: {
    series: seriesOf('DELTA', 'DISTRIBUTION'),
    tell: counted => distributionOf(counted, counted[2] / 8),
    amount: value => (typeof value === 'object' ? value.counts.reduce((sum, count) => sum + count, 0) : Number.NaN),
  },
};

/** All of the lowest bucket and a quarter of the one above it. */
const some = (value: Value) => {
  return typeof value === 'object' ? (value.counts[0] ?? 0) + (value.counts[1] ?? 0) / 4 : Number(value) / 2;
};

for (const [name, { series, tell, amount }] of Object.entries(kinds)) {
  test(`${name}: whatever happens, points come back as written and increments add up to what was counted`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async events => {
        const path = join(temporaryFolder(), 'series.sqlite');
        const clock = createManualClock(START_MS);
        let store = openSeriesStore({ path, clock });
        const written: Point[] = [];
        const heard: Increment[] = [];
        const listen = () => store.onIncrement(increment => heard.push(increment));
        listen();
        // The process: since when it counts, what it has counted, and what of that it has told.
        let startMs = clock.now();
        let counted: [number, number, number] = [0, 0, 0];
        let told = 0;

        const exportCounts = (added: [number, number, number], ms: number) => {
          clock.advance(ms);
          counted = [counted[0] + added[0], counted[1] + added[1], counted[2] + added[2]];
          const point = { startMs, endMs: clock.now(), value: tell(counted) };
          assert.deepEqual(store.write([{ series, points: [point] }]), { kept: 1, refused: [] });
          const isSeen = written.length > 0 || series.metricKind === 'DELTA' || point.endMs - startMs <= 10 * MINUTE_MS;
          told += isSeen ? amount(tell(added)) : 0;
          written.push(point);
          if (series.metricKind === 'DELTA') [startMs, counted] = [clock.now(), [0, 0, 0]];
        };
        const reopen = () => {
          store.close();
          store = openSeriesStore({ path, clock });
          listen();
        };

        for (const one of events) {
          const newest = written.at(-1);
          if (one.does === 'export') exportCounts(one.counts, one.afterMs);
          else if (one.does === 'exportMany') {
            for (let time = 0; time < one.times; time += 1) exportCounts([time % 2, time % 3, time % 7], MINUTE_MS);
          } else if (one.does === 'restart') {
            clock.advance(one.afterMs);
            [startMs, counted] = [clock.now(), [0, 0, 0]];
          } else if (one.does === 'forget') {
            // A count that begins anew without a word is seen by its fall: the next export must be below.
            if (counted.some(count => count > 0) && series.metricKind === 'CUMULATIVE' && newest?.startMs === startMs) {
              counted = [0, 0, 0];
              exportCounts([0, 0, 0], MINUTE_MS);
            }
          } else if (one.does === 'late' && newest) {
            const late = { ...newest, endMs: newest.endMs - one.beforeMs, startMs: newest.endMs - one.beforeMs - 1 };
            const { kept } = store.write([{ series, points: [{ ...late, value: tell([1, 1, 1]) }] }]);
            assert.equal(kept, 0);
          } else if (one.does === 'repeat' && newest) {
            assert.equal(store.write([{ series, points: [newest] }]).kept, 1);
          } else if (one.does === 'tidy') await store.tidy();
          else if (one.does === 'reopen') reopen();
        }

        const [stored] = [...store.seriesOf()];
        const everything = [0, Number.MAX_SAFE_INTEGER] as const;
        assert.deepEqual(stored ? store.read(stored, ...everything) : [], written);
        const increments = stored ? store.readIncrements(stored, ...everything) : [];
        assert.equal(
          increments.reduce((sum, { value }) => sum + amount(value), 0),
          told,
        );
        assert.deepEqual(
          heard.map(({ point }) => point),
          increments,
        );
        for (const [index, { startMs: fromMs, endMs: untilMs }] of increments.entries()) {
          assert.ok(fromMs < untilMs && fromMs >= (increments[index - 1]?.endMs ?? 0));
        }
        // From the middle on, too.
        const middleMs = written[Math.floor(written.length / 2)]?.endMs ?? 0;
        const later = stored ? store.readIncrements(stored, middleMs, everything[1]) : [];
        assert.deepEqual(
          later,
          increments.filter(({ endMs }) => endMs > middleMs),
        );
        reopen();
        // By counters that read it differently, as an SLO and its total do.
        const counters = [recorder(amount), recorder(some), recorder(() => 0), recorder(amount)];
        if (stored) store.count(stored, counters);
        for (const { told, read } of counters) {
          assert.deepEqual(
            told.sort(([one], [other]) => one - other),
            heard.map(({ point }) => [point.endMs, read(point.value)]),
          );
        }
        store.close();
      }),
      { numRuns: 40 },
    );
  });
}
