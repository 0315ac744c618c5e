import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { parseJson } from '../../base/json.ts';
import { startTestPlatform } from '../system/platform.ts';
import { checkPath } from './check-path.ts';

type Answer = { status: number; version: string | null; body: Body };
type Body = { id?: string; name?: string; records?: Body[] };
type Lie = (answer: Answer, path: string) => Answer;

/** A proxy before the API that tells something else where `lie` says so. */
async function startLiar(t: TestContext, api: string, lie: Lie): Promise<string> {
  const server = createServer(async (req, res) => {
    const { method = 'GET', url = '/' } = req;
    const upstream = await fetch(api + url, { method });
    const { status, version, body } = lie(
      {
        status: upstream.status,
        version: upstream.headers.get('x-record-version'),
        body: parseJson(await upstream.text()) as Body,
      },
      decodeURIComponent(url),
    );
    res.writeHead(status, { 'content-type': 'application/json', ...(version && { 'x-record-version': version }) });
    res.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Checks the path of a real platform whose API lies; with what was said, and what is left of it. */
async function check(
  t: TestContext,
  lie: Lie,
  limits: { deadlineMs: number; graceMs?: number } = { deadlineMs: 60_000 },
) {
  const platform = await startTestPlatform(t);
  const said: string[] = [];
  const env = {
    BURNLINE_DATA_DIR: platform.dataFolder,
    BURNLINE_INGEST_PORT: new URL(platform.ingest).port,
    PROBE_API_URL: await startLiar(t, platform.api, lie),
  };
  const { telemetry } = platform;
  const verdict = await checkPath({ env, telemetry, hasPoison: true, ...limits, say: line => said.push(line) });
  const left = (await (await fetch(`${platform.api}/records`)).json()) as { records: unknown[] };
  const letters = (await (await fetch(`${platform.api}/dead-letters`)).json()) as { deadLetters: unknown[] };
  return { ...verdict, said, left: [...left.records, ...letters.deadLetters] };
}

/** For what is never served: the table has it long before. */
const SHORT = { deadlineMs: 4000, graceMs: 500 };

const isThird = (path: string) => /^\/records\/probe-.+-3$/.test(path);

test('an API that tells the truth passes, and nothing is left of what was published', async t => {
  const { code, sentences, said, left } = await check(t, answer => answer);
  assert.deepEqual({ code, sentences, left }, { code: 0, sentences: [], left: [] });
  assert.deepEqual(
    said.map(line => line.replace(/probe-.*|\d+\.\d s/, '…')),
    [
      'Ids begin with …',
      'New records: served as published after …',
      'A poison message: a dead letter with its bytes after …',
      'Updated records: served as published after …',
      'Erased all that was published',
    ],
  );
});

test('an API that changes a field is found out, with both values, and what was published is erased', async t => {
  const { code, sentences, left } = await check(t, (answer, path) =>
    isThird(path) ? { ...answer, body: { ...answer.body, name: 'Somebody else' } } : answer,
  );
  assert.equal(code, 2);
  assert.match(sentences.join('\n'), /^probe-\S+-3: name is "Zoë .+" in the table and "Somebody else" in the API$/);
  assert.deepEqual(left, []);
});

test('an API that drops a record is found out', async t => {
  const drop: Lie = (answer, path) => (isThird(path) ? { ...answer, status: 404, version: null } : answer);
  const { code, sentences } = await check(t, drop, SHORT);
  assert.equal(code, 2);
  assert.match(sentences.join('\n'), /^probe-\S+-3 is in the table and not in the API$/);
});

test('an API that leaves a record out of its pages is found out', async t => {
  const { code, sentences } = await check(t, answer => {
    const records = answer.body.records?.filter(({ id }) => !id?.endsWith('-3'));
    return records ? { ...answer, body: { ...answer.body, records } } : answer;
  });
  assert.equal(code, 2);
  assert.match(sentences.join('\n'), /^probe-\S+-3 is in the table and not in the pages of the API$/);
});

test('an API that serves the version before is found out, with both versions', async t => {
  let first: Answer | undefined;
  const { code, sentences } = await check(
    t,
    (answer, path) => {
      if (!isThird(path) || answer.status !== 200) return answer;
      first ??= answer;
      return first;
    },
    SHORT,
  );
  assert.equal(code, 2);
  assert.match(sentences.join('\n'), /^probe-\S+-3: version is "\d+\.\d+" in the table and "\d+\.\d+" in the API$/);
});

test('what does not reach the table in time is told from what the API does not serve', async t => {
  const platform = await startTestPlatform(t, {
    wrap: { warehouse: warehouse => ({ ...warehouse, append: () => Promise.reject(new Error('down')) }) },
  });
  const env = {
    BURNLINE_DATA_DIR: platform.dataFolder,
    BURNLINE_INGEST_PORT: new URL(platform.ingest).port,
    PROBE_API_URL: platform.api,
  };
  const { telemetry } = platform;
  const { code, sentences } = await checkPath({ env, telemetry, hasPoison: false, deadlineMs: 500, say() {} });
  assert.equal(code, 3);
  assert.match(sentences.join('\n'), /^not in the table within 0\.5 s: probe-\S+-1, probe-\S+-2 ñ漢, probe-\S+-3$/);
});
