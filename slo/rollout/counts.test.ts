import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { closedUrl, startServer } from '../../cli/testing.ts';
import { openClients } from '../cloud-monitoring/clients.ts';
import { testCounts } from './counts.contract.ts';
import { cloudRunCounts } from './counts.ts';
import { createFakeCounts, createFakeRequestCount } from './fakes.ts';

const ABOUT = {
  service: { name: 'api-dev', location: 'us-central1' },
  target: { project: 'my-project', nameSuffix: '-dev' },
};
const REVISIONS = { new: 'api-2', old: 'api-1' };

async function openCounts(endpoint: string) {
  const clients = await openClients(endpoint);
  return { counts: cloudRunCounts({ clients, endpoint, ...ABOUT }), close: () => clients.close() };
}

testCounts('fake', async (clock, perMinute) => ({
  counts: createFakeCounts(clock, perMinute),
  async [Symbol.asyncDispose]() {},
}));
testCounts('Cloud Monitoring', async (clock, perMinute) => {
  const answer = createFakeRequestCount(clock, perMinute);
  const server = await startServer((request, response) => {
    const { status, body } = answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const { counts, close } = await openCounts(server.url);
  return {
    counts,
    async [Symbol.asyncDispose]() {
      await close();
      await server[Symbol.asyncDispose]();
    },
  };
});

test('Cloud Monitoring is asked for the two revisions of one service in one project, and once a page', async () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 12));
  const asked: URLSearchParams[] = [];
  const answer = createFakeRequestCount(clock, () => ({ total: 2, bad: 1 }));
  await using server = await startServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://fake').searchParams);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(request.url ?? '').body));
  });
  const { counts, close } = await openCounts(server.url);
  await counts.between(clock.now() - 600_000, clock.now(), REVISIONS);
  await close();
  const terms = [
    'metric.type="run.googleapis.com/request_count"',
    'resource.type="cloud_run_revision"',
    'resource.labels.project_id="my-project"',
    'resource.labels.service_name="api-dev"',
    'resource.labels.location="us-central1"',
    'resource.labels.revision_name=one_of("api-2", "api-1")',
  ];
  assert.equal(asked[0]?.get('filter'), terms.join(' AND '));
  assert.equal(asked.length, 4);
});

test('an absent endpoint, a refusal and an answer with a part missing are errors, and no zeros', async () => {
  const told = async (url: string) => {
    const { counts, close } = await openCounts(url);
    const failure = await counts.between(0, 60_000, REVISIONS).then(
      () => assert.fail('it answered'),
      error => error.message,
    );
    await close();
    return failure;
  };
  assert.match(await told(await closedUrl()), /does not give the requests of api-2 and api-1: .*ECONNREFUSED/);
  const answer = (status: number, body: object) =>
    startServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  const refusal = { error: { code: 403, status: 'PERMISSION_DENIED', message: 'monitoring.timeSeries.list denied' } };
  await using refusing = await answer(403, refusal);
  assert.match(await told(refusing.url), /refuses .*: monitoring\.timeSeries\.list denied/);
  const part = { timeSeries: [], executionErrors: [{ code: 14, message: 'one region is down' }] };
  await using partial = await answer(200, part);
  assert.match(await told(partial.url), /only a part can be read, for one region is down/);
});
