import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { Increment, Point, SeriesIdentity, Value } from '../model.ts';
import { openSeriesStore, type SqliteSeriesStore } from './store.ts';
import { distributionOf, MINUTE_MS, recorder, START_MS, seriesOf } from './testing.ts';

const at = (minutes: number) => START_MS + minutes * MINUTE_MS;
const counter = seriesOf('CUMULATIVE', 'INT64');
const gauge = seriesOf('GAUGE', 'DOUBLE');
const delta = seriesOf('DELTA', 'INT64');

function openTestStore({
  path = join(temporaryFolder(), 'series.sqlite'),
  clock = createManualClock(START_MS),
  ...limits
}: Partial<Parameters<typeof openSeriesStore>[0]> & { clock?: ReturnType<typeof createManualClock> } = {}) {
  return { path, clock, store: openSeriesStore({ path, clock, ...limits }) };
}

/** Writes points of one series, given as minutes from, minutes until, and value. */
function write(
  store: SqliteSeriesStore,
  series: SeriesIdentity,
  ...points: [from: number, to: number, value: Value][]
) {
  return store.write([{ series, points: points.map(([from, to, value]) => pointOf(from, to, value)) }]);
}

function pointOf(from: number, to: number, value: Value): Point {
  return { startMs: at(from), endMs: at(to), value };
}

function readAll(store: SqliteSeriesStore, identity: SeriesIdentity) {
  const [series] = [...store.seriesOf(identity.metric.type)];
  return series ? store.read(series, 0, at(1e6)) : [];
}

test('what is written is read at once, by when it ends: after one time and until another', () => {
  const { store, clock } = openTestStore();
  clock.advance(5 * MINUTE_MS);
  const points = [1, 2, 3, 4].map(minute => [0, minute, minute * 10] as [number, number, number]);
  assert.deepEqual(write(store, counter, ...points), { kept: 4, refused: [] });
  const [series] = [...store.seriesOf()];
  assert.ok(series);
  assert.deepEqual(store.read(series, at(1), at(3)), [pointOf(0, 2, 20), pointOf(0, 3, 30)]);
  assert.deepEqual(store.readIncrements(series, at(1), at(3)), [pointOf(1, 2, 10), pointOf(2, 3, 10)]);
  assert.equal(store.newestMs(series), at(4));
});

test('a series is its metric, its resource and their labels, in whatever order they are', () => {
  const { store } = openTestStore();
  const one = seriesOf('GAUGE', 'DOUBLE', { a: '1', b: '2' });
  write(store, one, [0, 0, 1]);
  write(store, { ...one, metric: { ...one.metric, labels: { b: '2', a: '1' } } }, [1, 1, 2]);
  write(store, seriesOf('GAUGE', 'DOUBLE', { a: '1' }), [0, 0, 3]);
  write(store, { ...one, resource: { type: 'global', labels: one.resource.labels } }, [0, 0, 4]);
  write(store, counter, [-1, 0, 5]);
  const values = [...store.seriesOf(one.metric.type)].map(series =>
    store.read(series, 0, at(9)).map(({ value }) => value),
  );
  assert.deepEqual(values, [[1, 2], [3], [4]]);
  assert.equal([...store.seriesOf()].length, 4);
  assert.deepEqual([...store.seriesOf('no.such/metric')], []);
});

test('series, points and units are there when the store is opened again, packed or not, under the same numbers', async () => {
  const { store, path, clock } = openTestStore();
  clock.advance(3 * MINUTE_MS);
  const bounds = seriesOf('CUMULATIVE', 'DISTRIBUTION');
  store.write([{ series: counter, unit: '1', points: [pointOf(0, 1, 5)] }]);
  write(store, bounds, [0, 1, distributionOf([1, 2, 3])]);
  await store.tidy();
  write(store, counter, [0, 2, 6]);
  write(store, bounds, [0, 2, distributionOf([2, 2, 5])]);
  write(store, seriesOf('GAUGE', 'STRING'), [2, 2, 'blue']);
  const before = [...store.seriesOf()];
  const facts = { ...store.facts(), bytes: 0 };
  store.close();

  const again = openSeriesStore({ path, clock });
  assert.deepEqual([...again.seriesOf()], before);
  assert.deepEqual({ ...again.facts(), bytes: 0 }, facts);
  assert.deepEqual(facts, { series: 3, points: 5, bytes: 0, oldestMs: at(1) });
  assert.equal(again.unitOf(counter.metric.type), '1');
  assert.equal(again.unitOf(bounds.metric.type), '');
  assert.deepEqual(
    before.map(series => again.newestMs(series)),
    [at(2), at(2), at(2)],
  );
  assert.deepEqual(readAll(again, counter), [pointOf(0, 1, 5), pointOf(0, 2, 6)]);
  assert.deepEqual(readAll(again, seriesOf('GAUGE', 'STRING')), [pointOf(2, 2, 'blue')]);
  assert.deepEqual(readAll(again, bounds), [
    pointOf(0, 1, distributionOf([1, 2, 3])),
    pointOf(0, 2, distributionOf([2, 2, 5])),
  ]);
  again.close();
});

test('increments are heard as they are kept, and counted after a restart', async () => {
  const { store, path, clock } = openTestStore();
  clock.advance(20 * MINUTE_MS);
  const heard: Increment[] = [];
  store.onIncrement(increment => heard.push(increment));
  write(store, counter, [0, 1, 5], [0, 2, 7]);
  await store.tidy();
  write(store, counter, [0, 3, 7], [3, 4, 2]);
  const [series] = [...store.seriesOf()];
  assert.ok(series);
  const increments = [pointOf(0, 1, 5), pointOf(1, 2, 2), pointOf(2, 3, 0), pointOf(3, 4, 2)];
  assert.deepEqual(
    heard,
    increments.map(point => ({ series, point })),
  );
  store.close();
  const again = openSeriesStore({ path, clock });
  const counters = [recorder(Number), recorder(value => 2 * Number(value))];
  again.count(series, counters);
  const minute = (number: number) => START_MS + number * MINUTE_MS;
  // What is not packed comes first.
  assert.deepEqual(
    counters.map(({ told }) => told),
    [1, 2].map(times => [
      [minute(3), 0],
      [minute(4), 2 * times],
      [minute(1), 5 * times],
      [minute(2), 2 * times],
    ]),
  );
  again.close();
});

const refusals: [
  title: string,
  reason: string,
  series: SeriesIdentity,
  points: [number, number, Value][],
  sentence: RegExp,
][] = [
  [
    'a point that ends before the newest of its series',
    'point_late',
    gauge,
    [
      [2, 2, 1],
      [1, 1, 2],
    ],
    /must end after the newest of its series, which ends at 2026-01-01T00:02:00.000Z, not at 2026-01-01T00:01/,
  ],
  [
    'another value for the same time',
    'point_late',
    gauge,
    [
      [2, 2, 1],
      [2, 2, 2],
    ],
    /must end after the newest/,
  ],
  [
    'a delta that begins before the one before it ended',
    'point_overlaps',
    delta,
    [
      [0, 2, 1],
      [1, 3, 1],
    ],
    /it would count twice/,
  ],
  [
    'a cumulative point of a process that began before the newest',
    'point_overlaps',
    counter,
    [
      [1, 2, 1],
      [0, 3, 9],
    ],
    /give each process an instance of its own/,
  ],
  ['a delta that begins where it ends', 'point_invalid', delta, [[1, 1, 1]], /must begin before it ends/],
  ['a cumulative point that begins after its end', 'point_invalid', counter, [[2, 1, 1]], /must begin before it ends/],
  ['a gauge that covers a time', 'point_invalid', gauge, [[0, 1, 1]], /must begin where it ends, for it is a gauge/],
  ['times that are no whole milliseconds', 'point_invalid', gauge, [[0.000001, 0.000001, 1]], /whole milliseconds/],
  ['a time that is none', 'point_invalid', gauge, [[Number.NaN, Number.NaN, 1]], /whole milliseconds/],
  ['a text for a number', 'point_invalid', gauge, [[0, 0, 'one']], /must have a finite number, not "one"/],
  ['a number that is none', 'point_invalid', gauge, [[0, 0, Number.NaN]], /must have a finite number/],
  ['a fraction for a whole number', 'point_invalid', counter, [[0, 1, 1.5]], /must have a whole number, not 1.5/],
  ['a count below zero', 'point_invalid', counter, [[0, 1, -1]], /must have a count from 0 on, not -1/],
  ['a number for yes or no', 'point_invalid', seriesOf('GAUGE', 'BOOL'), [[0, 0, 1]], /must have true or false, not 1/],
  ['a number for a text', 'point_invalid', seriesOf('GAUGE', 'STRING'), [[0, 0, 1]], /must have a text/],
  [
    'a text that is too long',
    'point_invalid',
    seriesOf('GAUGE', 'STRING'),
    [[0, 0, 'x'.repeat(1025)]],
    /a text of at most 1024 characters/,
  ],
  [
    'a number for a distribution',
    'point_invalid',
    seriesOf('DELTA', 'DISTRIBUTION'),
    [[0, 1, 1]],
    /must have a distribution, not 1/,
  ],
  [
    'a point that is further ahead than clocks differ',
    'point_ahead',
    gauge,
    [[26, 26, 1]],
    /must end at most 5 minutes ahead of 2026-01-01T00:20:00.000Z/,
  ],
  [
    'a point from before the retention',
    'point_expired',
    gauge,
    [[20 - 32 * 1440, 20 - 32 * 1440, 1]],
    /is kept for 32 days/,
  ],
];

for (const [title, reason, series, points, sentence] of refusals) {
  test(`refused with a sentence, and counted: ${title}`, () => {
    const { store, clock } = openTestStore();
    clock.advance(20 * MINUTE_MS);
    const { kept, refused } = write(store, series, ...points);
    assert.equal(kept, points.length - 1);
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.index, 0);
    assert.match(refused[0]?.reason ?? '', sentence);
    assert.deepEqual(store.dropped(), { [reason]: 1 });
    assert.equal(store.facts().points, kept);
    assert.equal([...store.seriesOf()].length, kept);
  });
}

const wrongDistributions: [title: string, value: Value][] = [
  ['bounds that fall', { count: 3, sum: 1, bounds: [2, 1], counts: [1, 1, 1] }],
  ['bounds that are no numbers', { count: 2, sum: 1, bounds: [Number.NaN], counts: [1, 1] }],
  ['a bucket too few', { count: 2, sum: 1, bounds: [1, 2], counts: [1, 1] }],
  ['a count that is not that of the buckets', { count: 4, sum: 1, bounds: [1, 2], counts: [1, 1, 1] }],
  ['a bucket below zero', { count: 1, sum: 1, bounds: [1, 2], counts: [-1, 1, 1] }],
  ['a sum that is no number', { count: 3, sum: Number.NaN, bounds: [1, 2], counts: [1, 1, 1] }],
  [
    'too many buckets',
    { count: 0, sum: 0, bounds: Array.from({ length: 202 }, (_, i) => i), counts: Array(203).fill(0) },
  ],
];

for (const [title, value] of wrongDistributions) {
  test(`a distribution is refused that has ${title}`, () => {
    const { store } = openTestStore();
    const { refused } = write(store, seriesOf('DELTA', 'DISTRIBUTION'), [-1, 0, value]);
    assert.match(refused[0]?.reason ?? '', /must have rising bounds, a whole count for each of at most 202 buckets/);
  });
}

test('what nobody follows is not reckoned', () => {
  const { store } = openTestStore();
  const heard: Increment[] = [];
  store.onIncrement(
    increment => heard.push(increment),
    ({ metric }) => metric.type === gauge.metric.type,
  );
  write(store, counter, [-1, 0, 1]);
  write(store, gauge, [0, 0, 1]);
  assert.deepEqual(
    heard.map(({ series }) => series.metric.type),
    [gauge.metric.type],
  );
  store.close();
});

test('many points are written to the file as they come, so that no write takes long', () => {
  const { store, path } = openTestStore();
  for (let index = 0; index < 1200; index += 1)
    write(store, seriesOf('GAUGE', 'DOUBLE', { index: String(index) }), [0, 0, 1]);
  const file = new DatabaseSync(path, { readOnly: true });
  assert.equal(file.prepare('SELECT count(*) AS entries FROM journal').get()?.entries, 1);
  file.close();
  store.close();
});

test('a point that comes again as it was is kept already, and counts once', () => {
  const { store, clock } = openTestStore();
  clock.advance(MINUTE_MS);
  const heard: Increment[] = [];
  store.onIncrement(increment => heard.push(increment));
  const series = seriesOf('DELTA', 'DISTRIBUTION');
  for (let times = 0; times < 3; times += 1) {
    assert.deepEqual(write(store, series, [0, 1, distributionOf([1, 2, 3])]), { kept: 1, refused: [] });
  }
  assert.equal(heard.length, 1);
  assert.equal(readAll(store, series).length, 1);
});

test('a metric has one kind and one value type, also once the store is opened again', () => {
  const { store, path, clock } = openTestStore();
  write(store, gauge, [0, 0, 1]);
  const other = { ...gauge, metricKind: 'CUMULATIVE' } as const;
  const sentence = /GAUGE\/DOUBLE is GAUGE and DOUBLE, not CUMULATIVE and DOUBLE: give another kind another name/;
  assert.match(write(store, other, [-1, 0, 1]).refused[0]?.reason ?? '', sentence);
  assert.deepEqual(store.dropped(), { series_contradicts: 1 });
  store.close();
  const again = openSeriesStore({ path, clock });
  const differently = { ...other, resource: { type: 'global', labels: {} } };
  assert.match(write(again, differently, [-1, 0, 1]).refused[0]?.reason ?? '', sentence);
  again.close();
});

const wrongSeries: [title: string, series: SeriesIdentity, sentence: RegExp][] = [
  ['texts that add up', seriesOf('CUMULATIVE', 'STRING'), /must be gauges, for they are STRING, and not CUMULATIVE/],
  [
    'too many labels',
    seriesOf('GAUGE', 'DOUBLE', Object.fromEntries(Array.from({ length: 127 }, (_, i) => [`l${i}`, '']))),
    /at most 128 labels, those of the resource among them, not 129/,
  ],
  [
    'a label that is too long',
    seriesOf('GAUGE', 'DOUBLE', { route: 'x'.repeat(1025) }),
    /values of at most 1024 characters, not "route": "xxx/,
  ],
  ['no metric type', { ...gauge, metric: { type: '', labels: {} } }, /a metric type of 1 to 300 characters, not 0/],
];

for (const [title, series, sentence] of wrongSeries) {
  test(`a series is refused that has ${title}, with all of its points`, () => {
    const { store, clock } = openTestStore();
    clock.advance(MINUTE_MS);
    const { kept, refused } = write(store, series, [0, 0, 'a'], [1, 1, 'b']);
    assert.equal(kept, 0);
    assert.match(refused[0]?.reason ?? '', sentence);
    assert.deepEqual(store.dropped(), { series_invalid: 2 });
    assert.equal(store.facts().series, 0);
  });
}

test('there is room for so many series, and points of those that are there are still taken', () => {
  const { store, clock } = openTestStore({ limits: { store_series_max: 2 } });
  clock.advance(MINUTE_MS);
  for (const name of ['a', 'b']) write(store, seriesOf('GAUGE', 'DOUBLE', { name }), [0, 0, 1]);
  const { kept, refused } = write(store, seriesOf('GAUGE', 'DOUBLE', { name: 'c' }), [0, 0, 1]);
  assert.equal(kept, 0);
  assert.match(refused[0]?.reason ?? '', /The store holds 2 series of at most 2: leave out labels/);
  assert.equal(write(store, seriesOf('GAUGE', 'DOUBLE', { name: 'b' }), [1, 1, 1]).kept, 1);
  assert.deepEqual(store.dropped(), { series_too_many: 1 });
});

test('a refused write says which it was, and the others are kept', () => {
  const { store } = openTestStore();
  const point = pointOf(0, 0, 1);
  const { kept, refused } = store.write([
    { series: gauge, points: [point] },
    { series: gauge, points: [{ ...point, value: 2 }] },
    { series: seriesOf('GAUGE', 'DOUBLE', { other: 'yes' }), points: [point] },
  ]);
  assert.equal(kept, 2);
  assert.deepEqual(
    refused.map(({ index }) => index),
    [1],
  );
});

test('only so many points are taken in a second', () => {
  const { store, clock } = openTestStore({ limits: { store_points_per_second_max: 2 } });
  clock.advance(5 * MINUTE_MS);
  const { kept, refused } = write(store, gauge, [0, 0, 1], [1, 1, 1], [2, 2, 1], [3, 3, 1]);
  assert.equal(kept, 2);
  assert.match(refused[0]?.reason ?? '', /More than 2 points came in a second: export less often/);
  assert.deepEqual(store.dropped(), { points_too_fast: 2 });
  clock.advance(1000);
  assert.equal(write(store, gauge, [4, 4, 1]).kept, 1);
});

test('what is held in memory has an end: beyond it a writer packs first', () => {
  const { store, path, clock } = openTestStore({ limits: { store_held_points_max: 10 } });
  clock.advance(100 * MINUTE_MS);
  for (let minute = 0; minute < 35; minute += 1) write(store, gauge, [minute, minute, minute]);
  assert.equal(readAll(store, gauge).length, 35);
  store.close();
  const file = new DatabaseSync(path);
  assert.equal(file.prepare('SELECT sum(points) AS points FROM chunk').get()?.points, 30);
  file.close();
});

test('while its file cannot be written, the store turns writers away for later, and forgets nothing', () => {
  const { store, path, clock } = openTestStore();
  clock.advance(5 * MINUTE_MS);
  write(store, gauge, [0, 0, 1]);
  store.flush();
  const file = new DatabaseSync(path);
  file.exec("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  assert.equal(write(store, gauge, [1, 1, 1]).kept, 1);
  clock.advance(1000);
  assert.throws(() => write(store, gauge, [2, 2, 1]), {
    code: 'series_store_stuck',
    message: 'The series store cannot be written: the disk is full. Make room on its disk; 2 points wait for it',
  });
  file.exec('DROP TRIGGER full');
  file.close();
  assert.equal(write(store, gauge, [2, 2, 1]).kept, 1);
  assert.equal(readAll(store, gauge).length, 3);
  store.close();
});

/** Waits until a query of the file gives a number. */
async function until(path: string, sql: string, number: number): Promise<void> {
  const file = new DatabaseSync(path, { readOnly: true });
  while (Object.values(file.prepare(sql).get() ?? {})[0] !== number) await sleep(20);
  file.close();
}

test('what is written reaches the file by itself, is packed after an hour and removed after the retention', async () => {
  const { store, path, clock } = openTestStore();
  write(store, gauge, [0, 0, 1]);
  await until(path, 'SELECT count(*) FROM journal', 1);
  clock.advance(60 * MINUTE_MS);
  await until(path, 'SELECT sum(points) FROM chunk', 1);
  await until(path, 'SELECT count(*) FROM journal', 0);
  clock.advance(32 * 1440 * MINUTE_MS);
  // It keeps the series alive that is otherwise gone.
  write(store, gauge, [32 * 1440, 32 * 1440, 2]);
  await until(path, `SELECT count(*) FROM chunk WHERE first_ms = ${START_MS}`, 0);
  assert.deepEqual(readAll(store, gauge).at(-1), pointOf(32 * 1440, 32 * 1440, 2));
  store.close();
});

test('a kill between packing and removing from the journal makes no point come twice', async () => {
  const { store, path, clock } = openTestStore();
  clock.advance(MINUTE_MS);
  write(store, gauge, [0, 0, 1], [1, 1, 2]);
  store.flush();
  const file = new DatabaseSync(path);
  const entry = file.prepare('SELECT body FROM journal').get()?.body as string;
  await store.tidy();
  file.prepare('INSERT INTO journal (body) VALUES (?)').run(entry);
  file.close();
  store.close();
  const again = openSeriesStore({ path, clock });
  assert.equal(readAll(again, gauge).length, 2);
  assert.equal(again.facts().points, 2);
  again.close();
});

test('points older than the retention are removed, and a series that has none left, whose number is not used again', async () => {
  const { store, path, clock } = openTestStore();
  write(store, gauge, [0, 0, 1]);
  write(store, counter, [-1, 0, 1]);
  await store.tidy();
  const [kept, old] = [...store.seriesOf()];
  assert.ok(old && kept);
  clock.advance(20 * 1440 * MINUTE_MS);
  write(store, gauge, [20 * 1440, 20 * 1440, 2]);
  clock.advance(12 * 1440 * MINUTE_MS);
  await store.tidy();
  assert.deepEqual([...store.seriesOf()], [kept]);
  assert.deepEqual(store.read(old, 0, at(1e6)), []);
  assert.equal(store.newestMs(old), 0);
  assert.deepEqual(readAll(store, gauge), [pointOf(20 * 1440, 20 * 1440, 2)]);
  store.close();

  const again = openSeriesStore({ path, clock });
  assert.deepEqual([...again.seriesOf()], [kept]);
  write(again, delta, [32 * 1440 - 1, 32 * 1440, 1]);
  assert.equal([...again.seriesOf(delta.metric.type)][0]?.id, 3);
  again.close();
});

test('a series that was removed and is written again is another, which a file has too', async () => {
  const { store, path, clock } = openTestStore();
  // Twice, so that it is known as it is written.
  write(store, gauge, [0, 0, 1]);
  write(store, gauge, [1, 1, 1]);
  await store.tidy();
  clock.advance(33 * 1440 * MINUTE_MS);
  await store.tidy();
  assert.equal(store.facts().series, 0);
  write(store, gauge, [33 * 1440, 33 * 1440, 2]);
  const [series] = [...store.seriesOf()];
  assert.equal(series?.id, 2);
  store.close();
  const again = openSeriesStore({ path, clock });
  assert.deepEqual([...again.seriesOf()], [series]);
  assert.deepEqual(readAll(again, gauge), [pointOf(33 * 1440, 33 * 1440, 2)]);
  again.close();
});

test('a point is kept as long as the retention, also where older ones are packed with it', async () => {
  const { store, clock } = openTestStore();
  clock.advance(1000 * MINUTE_MS);
  write(store, gauge, [0, 0, 1], [1000, 1000, 2]);
  await store.tidy();
  clock.advance(32 * 1440 * MINUTE_MS - 1);
  await store.tidy();
  assert.deepEqual(readAll(store, gauge).at(-1), pointOf(1000, 1000, 2));
  clock.advance(1);
  await store.tidy();
  assert.deepEqual(readAll(store, gauge), []);
});

test('a slow series is removed day by day', async () => {
  const { store, clock } = openTestStore();
  clock.advance(20 * 1440 * MINUTE_MS);
  const hours = Array.from(
    { length: 20 * 24 + 1 },
    (_, hour) => [hour * 60, hour * 60, hour] as [number, number, number],
  );
  write(store, gauge, ...hours);
  await store.tidy();
  clock.advance(13 * 1440 * MINUTE_MS);
  await store.tidy();
  assert.deepEqual(readAll(store, gauge)[0]?.value, 24);
});

test('removing old points lets others have their turn', async () => {
  const { store, clock } = openTestStore({ limits: { store_points_per_second_max: 1e6 } });
  for (let index = 0; index < 200; index += 1) {
    write(store, seriesOf('GAUGE', 'DOUBLE', { index: String(index) }), [0, 0, 1]);
  }
  await store.tidy();
  clock.advance(33 * 1440 * MINUTE_MS);
  let turns = 0;
  let isDone = false;
  const tidied = store.tidy().then(() => {
    isDone = true;
  });
  while (!isDone) {
    turns += 1;
    await new Promise(setImmediate);
  }
  await tidied;
  assert.ok(turns >= 10, `${turns} turns`);
  assert.equal(store.facts().series, 0);
  assert.equal(store.facts().points, 0);
});

test('a series that gets a point while its old ones are removed stays', async () => {
  const { store, clock } = openTestStore();
  const series = Array.from({ length: 20 }, (_, index) => seriesOf('GAUGE', 'DOUBLE', { index: String(index) }));
  for (const each of series) write(store, each, [0, 0, 1]);
  await store.tidy();
  clock.advance(33 * 1440 * MINUTE_MS);
  const tidied = store.tidy();
  for (const each of series) write(store, each, [33 * 1440, 33 * 1440, 2]);
  await tidied;
  assert.equal(store.facts().series, 20);
  assert.equal(store.facts().points, 20);
});

test('a file of a newer version is left alone, and is not taken', () => {
  const { store, path, clock } = openTestStore();
  store.close();
  const file = new DatabaseSync(path);
  file.exec('PRAGMA user_version = 99');
  for (let times = 0; times < 2; times += 1) {
    assert.throws(() => openSeriesStore({ path, clock }), { code: 'data_folder_newer' });
  }
  file.close();
});

test('a second process, or store, is refused the file', () => {
  const { store, path, clock } = openTestStore();
  assert.throws(() => openSeriesStore({ path, clock }), {
    code: 'data_folder_in_use',
    message: new RegExp(`series.sqlite is in use by process ${process.pid}`),
  });
  store.close();
  openSeriesStore({ path, clock }).close();
});
