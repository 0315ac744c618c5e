import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closedUrl, startServer } from '../../cli/testing.ts';
import { openTraffic } from './cloud-run.ts';
import { createFakeCloudRun, createFakeService, createFakeTraffic } from './fakes.ts';
import { testTraffic } from './traffic.contract.ts';
import { BY_REVISION, isSameSplit, LATEST, reallocate, servingTarget, type TrafficTarget } from './traffic.ts';

const SERVICE = { project: 'my-project', location: 'us-central1', name: 'api' };
const NAME = 'projects/my-project/locations/us-central1/services/api';

async function startCloudRun(service: ReturnType<typeof createFakeService>) {
  const answer = createFakeCloudRun(service, NAME);
  const asked: string[] = [];
  const server = await startServer((request, response) => {
    const { status, body } = answer(request.method ?? '', request.url ?? '', request.text);
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return { ...server, asked };
}

testTraffic('fake', async service => ({
  traffic: createFakeTraffic(service),
  async [Symbol.asyncDispose]() {},
}));
testTraffic('Cloud Run', async service => {
  const server = await startCloudRun(service);
  const traffic = await openTraffic({ endpoint: server.url, service: SERVICE, sleep: async () => {} });
  return { ...server, traffic };
});

const twoRevisions = () =>
  createFakeService({
    targets: [{ type: LATEST, percent: 100 }],
    revisions: ['api-1', 'api-2'],
    latestRevision: 'api-1',
  });

test('an operation is asked about until it is done, a second apart', async () => {
  await using server = await startCloudRun(twoRevisions());
  const waits: number[] = [];
  const traffic = await openTraffic({
    ...{ endpoint: server.url, service: SERVICE },
    sleep: async ms => void waits.push(ms),
  });
  await traffic.replace([{ type: LATEST, percent: 100 }], (await traffic.current()).etag);
  assert.deepEqual(waits, [1000, 1000]);
  const operation = 'GET /v2/projects/my-project/locations/us-central1/operations/1';
  assert.deepEqual(server.asked, [`GET /v2/${NAME}`, `PATCH /v2/${NAME}?updateMask=traffic`, operation, operation]);
});

test('an abort ends the wait for an operation, and not the change', async () => {
  const service = twoRevisions();
  await using server = await startCloudRun(service);
  const controller = new AbortController();
  const traffic = await openTraffic({
    ...{ endpoint: server.url, service: SERVICE },
    sleep: async () => controller.abort(),
  });
  await traffic.replace([], (await traffic.current()).etag, controller.signal);
  assert.deepEqual(service.state().targets, []);
  assert.equal(server.asked.filter(each => each.includes('/operations/')).length, 1);
});

test('an operation that is never done is given up with what it is', async () => {
  await using server = await startServer((_, response) => {
    const operation = { name: 'projects/p/locations/l/operations/7', done: false };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(operation));
  });
  const traffic = await openTraffic({ endpoint: server.url, service: SERVICE, sleep: async () => {} });
  await assert.rejects(traffic.replace([], 'e'), /not done with projects\/p\/locations\/l\/operations\/7 in 240 s/);
});

test('an endpoint that is absent, and a service that is not there, are told with the address or the name', async () => {
  const absent = await openTraffic({ endpoint: await closedUrl(), service: SERVICE, sleep: async () => {} });
  await assert.rejects(absent.current(), /Cloud Run cannot be asked: .*127\.0\.0\.1/);
  await using server = await startCloudRun(twoRevisions());
  const service = { ...SERVICE, name: 'ap i' };
  const missing = await openTraffic({ endpoint: server.url, service, sleep: async () => {} });
  await assert.rejects(missing.current(), /answered 404 to GET .*services\/ap%20i: Resource .* was not found/);
});

const to = (revision: string, percent?: number, tag?: string): TrafficTarget => ({
  ...{ type: BY_REVISION, revision },
  ...(percent !== undefined && { percent }),
  ...(tag !== undefined && { tag }),
});

test('a rollout begins where one other revision has all the traffic, by name or as the latest', () => {
  const state = { etag: 'e', latestRevision: 'api-1' };
  for (const targets of [[to('api-1', 100)], [to('api-1', 60), to('api-1', 40, 'stable'), to('api-2', 0, 'next')]]) {
    assert.deepEqual(servingTarget({ ...state, targets }, 'api-2'), { key: 'api-1', revision: 'api-1' });
  }
  for (const targets of [[], [{ type: LATEST, percent: 100 }]]) {
    assert.deepEqual(servingTarget({ ...state, targets }, 'api-2'), { key: LATEST, revision: 'api-1' });
  }
});

test('split traffic, a revision that serves already and a service without one are refused, each with a sentence', () => {
  const state = { etag: 'e', latestRevision: 'api-2' };
  const begin = (targets: TrafficTarget[]) => () => servingTarget({ ...state, targets }, 'api-2');
  assert.throws(
    begin([to('api-1', 90), to('api-2', 10)]),
    /split already \(api-1 90 %, api-2 10 %\): a rollout is under way/,
  );
  assert.throws(begin([to('api-2', 100)]), /api-2 has all the traffic: there is nothing to compare it with/);
  assert.throws(begin([]), /api-2 has all the traffic/);
  assert.throws(() => servingTarget({ etag: 'e', targets: [] }, 'api-2'), /no revision has any traffic yet/);
});

test('other shares leave tags where they are, and drop what has neither tag nor share', () => {
  const targets = [to('api-1', 70), to('api-1', 30, 'stable'), to('api-2', undefined, 'next'), to('api-0', 0)];
  assert.deepEqual(reallocate(targets, { 'api-1': 90, 'api-2': 10 }), [
    to('api-1', 90),
    to('api-1', undefined, 'stable'),
    to('api-2', 10, 'next'),
  ]);
  assert.deepEqual(reallocate(targets, { 'api-3': 100 }), [
    to('api-1', undefined, 'stable'),
    to('api-2', undefined, 'next'),
    to('api-3', 100),
  ]);
  assert.deepEqual(reallocate([], { [LATEST]: 90, 'api-2': 10 }), [{ type: LATEST, percent: 90 }, to('api-2', 10)]);
});

test('whatever there was, two shares are all the traffic, every tag stays, and the same shares again change nothing', () => {
  const target = fc.record(
    {
      type: fc.constantFrom(BY_REVISION, LATEST),
      revision: fc.constantFrom('a', 'b', 'c'),
      percent: fc.nat(100),
      tag: fc.string(),
    },
    { requiredKeys: ['type', 'revision'] },
  );
  fc.assert(
    fc.property(fc.array(target), fc.integer({ min: 1, max: 99 }), (targets, share) => {
      const split = reallocate(targets, { a: 100 - share, b: share });
      const tagsOf = (some: readonly TrafficTarget[]) => some.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
      assert.deepEqual(tagsOf(split), tagsOf(targets));
      assert.ok(isSameSplit(split, [to('a', 100 - share), to('b', share)]));
      assert.deepEqual(reallocate(split, { a: 100 - share, b: share }), split);
    }),
  );
});
