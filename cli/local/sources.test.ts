import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { SeriesWrite } from '../../monitoring/model.ts';
import { createSqliteTopic } from '../../records/sqlite/topic.ts';
import { topicNames } from '../../records/topic-names.ts';
import { createCloudRun } from './cloud-run.ts';
import { createPubSub } from './pubsub.ts';
import { compiled, filtersIn, place, selectingNone } from './testing.ts';
import { checkerLocations, createUptimeChecks } from './uptime.ts';

const { resources } = compiled;
const { signal } = new AbortController();
const START_MS = Date.UTC(2026, 0, 5);

const answering =
  (status: number, text = 'ready') =>
  async () =>
    new Response(text, { status });
const valuesOf = (writes: readonly SeriesWrite[], metric: string) =>
  writes.flatMap(({ series, points }) => (series.metric.type.endsWith(metric) ? points.map(({ value }) => value) : []));

function uptime(fetch: typeof globalThis.fetch, checks = resources.uptimeChecks) {
  const clock = createManualClock(START_MS);
  return createUptimeChecks({ checks, url: 'http://127.0.0.1:8080', clock, fetch });
}

test('every filter of our objectives and alerts on Google’s own metrics selects what is reported', async () => {
  const clock = createManualClock(START_MS);
  const cloudRun = createCloudRun({ ...place, clock });
  for (const service of ['records-api', 'records-ingest', 'records-prober']) {
    const listener = cloudRun.observe(service, () => {});
    for (const statusCode of [200, 503]) {
      const res = Object.assign(new EventEmitter(), { headersSent: true, statusCode });
      listener({ url: '/' } as IncomingMessage, res as unknown as ServerResponse & { req: IncomingMessage });
      res.emit('close');
    }
  }
  clock.advance(15_000);
  const subscriptions = [
    { name: topicNames.subscription, backlog: async () => ({ messages: 1, oldestUnackedAgeSeconds: 1 }) },
  ];
  const pubSub = createPubSub({ project: place.project, clock, subscriptions });
  const written = [
    ...cloudRun.sample(),
    ...(await pubSub.sample(signal)),
    ...(await uptime(answering(200)).sample(signal)),
  ].map(({ series }) => series);

  const isGoogles = (filter: string) => /metric\.type="(run|pubsub|monitoring)\./.test(filter);
  const judged = filtersIn([resources.objectives, resources.policies]).filter(isGoogles);
  assert.ok(judged.length >= 4);
  assert.deepEqual(selectingNone(judged, written), []);

  // One process runs all services here, so that none has a share of the processor that is its own.
  const shown = filtersIn(resources.dashboards).filter(isGoogles);
  assert.deepEqual(
    selectingNone(shown, written).filter(filter => !/container\/(cpu|memory)\/utilizations/.test(filter)),
    [],
  );
  // And nothing is told that nobody looks at, but for how long answers took.
  const unseen = written.filter(
    one => selectingNone([...judged, ...shown], [one]).length === judged.length + shown.length,
  );
  assert.deepEqual([...new Set(unseen.map(({ metric }) => metric.type))].sort(), [
    'monitoring.googleapis.com/uptime_check/request_latency',
    'run.googleapis.com/request_count',
    'run.googleapis.com/request_latencies',
  ]);
});

test('the age of a subscription is that of its oldest message, in whole seconds, and 0 once all are acknowledged', async t => {
  const clock = createManualClock(START_MS);
  const topic = createSqliteTopic({ path: join(temporaryFolder(), 'topic.sqlite'), clock });
  t.after(() => topic.close());
  const pubSub = createPubSub({ project: place.project, clock, subscriptions: [topic.subscription] });
  const age = async () => valuesOf(await pubSub.sample(signal), '/oldest_unacked_message_age');
  assert.deepEqual(await age(), [0]);
  await topic.publish([{ data: Buffer.from('1'), attributes: {} }]);
  clock.advance(7900);
  await topic.publish([{ data: Buffer.from('2'), attributes: {} }]);
  assert.deepEqual(await age(), [7]);
  const deliveries = await topic.subscription.pull({ messagesMax: 10, waitMs: 0 });
  await topic.subscription.ack(deliveries.map(({ ackId }) => ackId));
  assert.deepEqual(await age(), [0]);
});

test('an uptime check asks for its path once, and what comes of it is told from three places', async () => {
  const asked: unknown[] = [];
  const writes = await uptime(async input => {
    asked.push(String(input));
    return new Response('ready');
  }).sample(signal);
  assert.deepEqual(asked, ['http://127.0.0.1:8080/ready']);
  assert.deepEqual(valuesOf(writes, '/check_passed'), [true, true, true]);
  assert.deepEqual(
    writes
      .filter(({ series }) => series.valueType === 'BOOL')
      .map(({ series }) => series.metric.labels.checker_location),
    [...checkerLocations],
  );
  assert.deepEqual(valuesOf(writes, '/request_latency'), [0, 0, 0]);
});

test('where nobody answers, a check has failed and took no time; an answer of another class fails too', async () => {
  const down = await uptime(() => Promise.reject(new TypeError('fetch failed'))).sample(signal);
  assert.deepEqual(valuesOf(down, '/check_passed'), [false, false, false]);
  assert.deepEqual(valuesOf(down, '/request_latency'), []);
  const unready = await uptime(answering(503)).sample(signal);
  assert.deepEqual(valuesOf(unready, '/check_passed'), [false, false, false]);
});

test('a check that nobody answers ends with its time, or when it is stopped', async () => {
  const silent: typeof globalThis.fetch = (_url, { signal } = {}) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const within = (timeout: string) =>
    uptime(
      silent,
      resources.uptimeChecks.map(check => ({ ...check, timeout })),
    );
  assert.deepEqual(valuesOf(await within('0.01s').sample(signal), '/check_passed'), [false, false, false]);
  const controller = new AbortController();
  const sampled = within('3600s').sample(controller.signal);
  controller.abort();
  assert.deepEqual(valuesOf(await sampled, '/check_passed'), [false, false, false]);
});

test('a check that wants a text fails without it', async () => {
  const contentMatchers = [{ content: 'ready', matcher: 'CONTAINS_STRING' }] as const;
  const checks = resources.uptimeChecks.map(check => ({ ...check, contentMatchers }));
  const passed = async (text: string) =>
    valuesOf(await uptime(answering(200, text), checks).sample(signal), '/check_passed');
  assert.deepEqual(await passed('{"status":"ready"}'), [true, true, true]);
  assert.deepEqual(await passed('hello'), [false, false, false]);
});
