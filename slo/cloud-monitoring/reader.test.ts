import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { closedUrl, startServer } from '../../cli/testing.ts';
import { startFakeCloudMonitoring } from './fakes.ts';
import { testReader, withReader } from './reader.contract.ts';

testReader('fake', startFakeCloudMonitoring);

const slo = 'projects/p/services/api/serviceLevelObjectives/a';

function fail(response: ServerResponse, code: number, status: string): void {
  const body = JSON.stringify({ error: { code, status, message: 'because' } });
  response.writeHead(code, { 'content-type': 'application/json' }).end(body);
}

test('an endpoint where nothing answers is one sentence with the cause, whatever is asked', async () => {
  const endpoint = await closedUrl();
  await withReader(endpoint, async reader => {
    for (const ask of [reader.serviceIds, () => reader.budgetFraction(slo, 60), reader.openIncidents]) {
      await assert.rejects(ask, error => {
        const { code, message } = error as Error & { code: string };
        assert.equal(code, 'monitoring_absent');
        assert.match(message, /^http:\/\/127\.0\.0\.1:\d+ does not give .+: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
        return true;
      });
    }
  });
});

test('what is unavailable for a moment is asked again, twice and no more', async () => {
  for (const [failures, isAnswered] of [
    [2, true],
    [3, false],
  ] as const) {
    let requests = 0;
    await using server = await startServer((_, response) => {
      requests += 1;
      if (requests <= failures) fail(response, 503, 'UNAVAILABLE');
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await withReader(server.url, async reader => {
      for (const ask of [reader.serviceIds, reader.openIncidents] as const) {
        requests = 0;
        if (isAnswered) assert.deepEqual(await ask(), []);
        else await assert.rejects(ask, { code: 'monitoring_absent', message: /: because$/ });
        assert.equal(requests, 3);
      }
    });
  }
});

test('a refusal is told at once in the words of the endpoint', async () => {
  let requests = 0;
  await using server = await startServer((_, response) => {
    requests += 1;
    fail(response, 403, 'PERMISSION_DENIED');
  });
  await withReader(server.url, async reader => {
    for (const ask of [reader.serviceIds, () => reader.burnRate(slo, 60), reader.openIncidents]) {
      await assert.rejects(ask, { code: 'monitoring_refused', message: /refuses .+: because$/ });
    }
  });
  assert.equal(requests, 3);
});

test('incidents that the endpoint knows nothing of are not no incidents', async () => {
  await using server = await startServer((_, response) => fail(response, 404, 'NOT_FOUND'));
  await withReader(server.url, async reader => {
    await assert.rejects(reader.openIncidents(), { code: 'monitoring_missing' });
    await assert.rejects(reader.serviceIds(), { code: 'monitoring_missing' });
    assert.equal(await reader.budgetFraction(slo, 60), undefined);
  });
});

test('what is no Cloud Monitoring is an error, whatever it answers', async () => {
  for (const body of ['<html></html>', 'null', '[]', '{"alerts":"none"}', '"x"']) {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    await withReader(server.url, async reader => {
      await assert.rejects(reader.openIncidents(), { code: /^monitoring_/ }, body);
    });
  }
});

test('time series that are there in part only are an error', async () => {
  await using server = await startServer((_, response) => {
    const body = { timeSeries: [], executionErrors: [{ code: 4, message: 'a shard is late' }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await withReader(server.url, async reader => {
    await assert.rejects(reader.burnRate(slo, 60), { code: 'monitoring_refused', message: /a shard is late$/ });
  });
});

test('a value that is no number is no point', async () => {
  await using server = await startServer((_, response) => {
    const interval = { endTime: '2026-11-20T11:59:00Z' };
    const points = [
      { interval, value: { doubleValue: 'NaN' } },
      { interval, value: {} },
    ];
    const body = { timeSeries: [{ metric: {}, resource: {}, points }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await withReader(server.url, async reader => assert.equal(await reader.burnRate(slo, 3600), undefined));
});

test('a list without an end is given up', async () => {
  let requests = 0;
  await using server = await startServer((_, response) => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"alerts":[],"nextPageToken":"more"}');
  });
  await withReader(server.url, async reader => {
    await assert.rejects(reader.openIncidents(), { code: 'monitoring_refused', message: /more than 100 pages/ });
  });
  assert.equal(requests, 100);
});
