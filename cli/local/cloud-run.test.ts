import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { isDistribution } from '../../monitoring/query/distribution.ts';
import { createCloudRun, latencyBoundsMs } from './cloud-run.ts';
import { place } from './testing.ts';

const START_MS = Date.UTC(2026, 0, 5);

/** A service behind Cloud Run, and what it does with a request: it ends where the test says so. */
function startService(clock = createManualClock(START_MS)) {
  const cloudRun = createCloudRun({ ...place, clock });
  const listener: RequestListener = cloudRun.observe('records-api', () => {});
  const begin = (url = '/records') => {
    const res = Object.assign(new EventEmitter(), { headersSent: false, statusCode: 200 });
    listener({ url } as IncomingMessage, res as unknown as ServerResponse & { req: IncomingMessage });
    return (statusCode?: number) => {
      if (statusCode !== undefined) Object.assign(res, { headersSent: true, statusCode });
      res.emit('close');
    };
  };
  /** The points of the next sample: each with its metric, and the label that tells it from others. */
  const sample = () =>
    cloudRun.sample().map(({ series: { metric }, points: [point] }) => ({
      name: metric.type.slice('run.googleapis.com/'.length),
      label: metric.labels.response_code ?? metric.labels.state ?? '',
      ...{ startMs: point?.startMs ?? 0, endMs: point?.endMs ?? 0, value: point?.value },
    }));
  const counts = () =>
    sample()
      .filter(({ name }) => name === 'request_count')
      .map(({ label, value }) => [label, value]);
  return { clock, begin, sample, counts };
}

test('deltas follow each other without a gap and come to what was sent', () => {
  const { clock, begin, sample } = startService();
  const samples = [3, 1, 5].map(requests => {
    for (let sent = 0; sent < requests; sent += 1) begin()(200);
    clock.advance(15_000);
    return sample().filter(({ name }) => name === 'request_count');
  });
  assert.deepEqual(
    samples.flat().map(({ startMs, endMs, value }) => [startMs - START_MS, endMs - START_MS, value]),
    [
      [0, 15_000, 3],
      [15_000, 30_000, 1],
      [30_000, 45_000, 5],
    ],
  );
});

test('a request counts when it ends, by the code of its answer and its class', () => {
  const { clock, begin, counts } = startService();
  const [first, second, third] = [begin(), begin(), begin()] as const;
  clock.advance(15_000);
  assert.deepEqual(counts(), []);
  first(200);
  second(503);
  third(404);
  clock.advance(15_000);
  assert.deepEqual(counts(), [
    ['200', 1],
    ['503', 1],
    ['404', 1],
  ]);
});

test('for an answer that nobody got, no point is written, and none is 0', () => {
  const { clock, begin, counts } = startService();
  begin()(503);
  clock.advance(15_000);
  assert.deepEqual(counts(), [['503', 1]]);
  begin()(200);
  clock.advance(15_000);
  assert.deepEqual(counts(), [['200', 1]]);
  clock.advance(15_000);
  assert.deepEqual(counts(), []);
});

test('a client that has gone before an answer is no failure of the server', () => {
  const { clock, begin, counts } = startService();
  begin()();
  clock.advance(15_000);
  assert.deepEqual(counts(), [['499', 1]]);
});

test('what is published goes to Pub/Sub, and is no request of the service', () => {
  const { clock, begin, counts } = startService();
  begin('/v1/projects/local/topics/data-ingestion:publish')(200);
  begin('/')(204);
  clock.advance(15_000);
  assert.deepEqual(counts(), [['204', 1]]);
});

test('latencies are in milliseconds, each in the bucket whose bound it is below', () => {
  const { clock, begin, sample } = startService();
  for (const ms of [0, 9, 10, 200, 4_000_000]) {
    const end = begin();
    clock.advance(ms);
    end(200);
  }
  const value = sample().find(({ name }) => name === 'request_latencies')?.value;
  assert.ok(isDistribution(value));
  const filled = value.counts.flatMap((count, index) => (count > 0 ? [[index, count]] : []));
  assert.deepEqual(filled, [
    [0, 2],
    [1, 1],
    [32, 1],
    [latencyBoundsMs.length, 1],
  ]);
  assert.ok((latencyBoundsMs[31] ?? 0) < 200 && (latencyBoundsMs[32] ?? 0) > 200);
  assert.deepEqual([value.count, value.sum, value.counts.length], [5, 4_000_219, value.bounds.length + 1]);
});

test('bounds that are told of in public are among ours, and the last is beyond the longest request', () => {
  for (const known of [19.487171, 74.00249944, 1067.1895716, 4052.6506223, 27264.2068561]) {
    assert.ok(
      latencyBoundsMs.some(bound => Math.abs(bound - known) < 1e-6),
      `${known}`,
    );
  }
  assert.ok((latencyBoundsMs.at(-1) ?? 0) > 3_600_000);
});

test('an instance is active while it has requests, and idle otherwise', () => {
  const { clock, begin, sample } = startService();
  const states = () => {
    clock.advance(15_000);
    return sample().flatMap(({ name, label, value }) => (name === 'container/instance_count' ? [[label, value]] : []));
  };
  const active = [
    ['active', 1],
    ['idle', 0],
  ];
  const idle = [
    ['active', 0],
    ['idle', 1],
  ];
  assert.deepEqual(states(), idle);
  const end = begin();
  assert.deepEqual(states(), active, 'one is under way');
  end(200);
  assert.deepEqual(states(), active, 'one has ended since');
  assert.deepEqual(states(), idle);
});

test('one that starts again goes on later than the one before ended, on the same series', () => {
  const { clock, begin, sample } = startService();
  begin()(200);
  clock.advance(15_000);
  const [before] = sample();
  clock.advance(1000);
  const again = startService(clock);
  again.begin()(200);
  clock.advance(15_000);
  const [after] = again.sample();
  assert.equal(before?.endMs, START_MS + 15_000);
  assert.deepEqual([after?.startMs, after?.endMs, after?.value], [START_MS + 16_000, START_MS + 31_000, 1]);
});

test('while a clock that was set back catches up nothing is told, and nothing is lost', () => {
  const { clock, begin, sample, counts } = startService();
  clock.advance(15_000);
  sample();
  begin()(200);
  clock.advance(-5000);
  assert.deepEqual(sample(), []);
  clock.advance(20_000);
  assert.deepEqual(counts(), [['200', 1]]);
});
