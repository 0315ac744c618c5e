import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../base/testing.ts';
import { poisonKinds } from '../records/generate.ts';
import { publishCommand } from './publish.ts';
import { closedUrl, createTestIo, runLine, startServer } from './testing.ts';

const executable = fileURLToPath(new URL('burnline.ts', import.meta.url));
const folder = temporaryFolder();

async function writeLines(content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.jsonl`);
  await writeFile(path, content);
  return path;
}

/** A topic that remembers its requests; `statusOf` is asked for each, by number, from 1. */
async function startTopic(statusOf: (request: number) => number = () => 200) {
  const requests: Buffer[][] = [];
  const keys: (string | undefined)[] = [];
  let asked = 0;
  const server = await startServer((request, response) => {
    asked += 1;
    const status = request.url === '/v1/projects/local/topics/data-ingestion:publish' ? statusOf(asked) : 404;
    if (status === 0) return request.socket.destroy();
    if (status !== 200) return response.writeHead(status).end('{"detail":"not now"}');
    const { messages } = JSON.parse(request.text) as { messages: { data: string; orderingKey?: string }[] };
    requests.push(messages.map(({ data }) => Buffer.from(data, 'base64')));
    keys.push(...messages.map(({ orderingKey }) => orderingKey));
    return response.end(JSON.stringify({ messageIds: messages.map((_, index) => `${asked}-${index}`) }));
  });
  return { ...server, requests, keys, texts: () => requests.flat().map(String) };
}

test('a thousand generated records are published, in requests within the limit', async () => {
  await using topic = await startTopic();
  const { exitCode, stdout, stderr } = await runLine([
    'publish',
    '--count',
    '2500',
    '--url',
    topic.url,
    '--seed',
    '42',
  ]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Published 2,500 messages \([\d,.]+ kB\) in [\d.]+ s: [\d,]+ a second\nSeed {6}42\n$/);
  assert.equal(stderr, '');
  assert.deepEqual(topic.requests.map(({ length }) => length).sort(), [1000, 1000, 500]);
  assert.equal(new Set(topic.texts().map(text => JSON.parse(text).id)).size, 2500);
});

test('the summary in JSON counts the poison by kind', async () => {
  await using topic = await startTopic();
  const line = ['publish', '--count', '1000', '--poison', '5%', '--seed', '7', '--url', topic.url, '--format', 'json'];
  const { exitCode, stdout } = await runLine(line);
  const { seconds, messagesPerSecond, bytes, ...summary } = JSON.parse(stdout);
  assert.equal(exitCode, 0);
  assert.deepEqual(summary, {
    url: topic.url,
    published: 1000,
    poison: { broken_json: 13, missing_id: 13, wrong_type: 12, implausible_timestamp: 12 },
    seed: 7,
  });
  assert.deepEqual(Object.keys(summary.poison).sort(), Object.keys(poisonKinds).sort());
  assert.equal(
    bytes,
    topic.requests.flat().reduce((sum, { length }) => sum + length, 0),
  );
  assert.ok(seconds > 0 && messagesPerSecond > 0);
});

test('the same seed publishes the same ids, no seed publishes others', async () => {
  const publishedIds = async (...seed: string[]) => {
    await using topic = await startTopic();
    await runLine(['publish', '--count', '20', '--url', topic.url, ...seed]);
    return topic.texts().map(text => JSON.parse(text).id as string);
  };
  assert.deepEqual(await publishedIds('--seed', '3'), await publishedIds('--seed', '3'));
  assert.notDeepEqual(await publishedIds(), await publishedIds());
});

test('a paced stream goes in small requests', async () => {
  await using topic = await startTopic();
  const { exitCode } = await runLine(['publish', '--count', '30', '--rate', '200/s', '--url', topic.url]);
  assert.equal(exitCode, 0);
  assert.deepEqual(
    topic.requests.map(({ length }) => length),
    [10, 10, 10],
  );
});

test('the address is by default that of BURNLINE_INGEST_PORT, and then the summary says what to do next', async () => {
  await using topic = await startTopic();
  const env = { BURNLINE_INGEST_PORT: new URL(topic.url).port, BURNLINE_API_PORT: '9999' };
  const { exitCode, stderr } = await runLine(['publish', '--count', '1'], { env });
  assert.equal(exitCode, 0);
  assert.match(stderr, /curl 'http:\/\/127\.0\.0\.1:9999\/records\?limit=5'/);
  assert.equal(topic.texts().length, 1);
});

test('lines of a file are sent as they are, broken ones too, without the empty ones', async () => {
  await using topic = await startTopic();
  const lines = ['{"id":"1","name":"Ada"}', '{broken', '', 'no json \ttabs '];
  const path = await writeLines(Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from([0xff, 0x00])]));
  const { exitCode, stdout } = await runLine(['publish', '--file', path, '--url', topic.url, '--format', 'json']);
  assert.equal(exitCode, 0);
  const sent = [...lines.filter(line => line !== '').map(line => Buffer.from(line)), Buffer.from([0xff, 0x00])];
  assert.deepEqual(topic.requests.flat(), sent);
  assert.equal(JSON.parse(stdout).published, 4);
  assert.ok(!('seed' in JSON.parse(stdout)));
});

test('where asked, the record’s id is the ordering key, and what has none goes without', async () => {
  await using topic = await startTopic();
  const lines = '{"id":"1","name":"Ada"}\n{broken\n{"name":"no id"}\n{"id":"2","name":7}\n';
  const line = ['publish', '--file', '-', '--ordered', '--url', topic.url];
  const { exitCode } = await runLine(line, { stdin: [lines] });
  assert.equal(exitCode, 0);
  assert.deepEqual(topic.keys, ['1', undefined, undefined, '2']);
});

test('--count limits a file, and - is stdin', async () => {
  await using topic = await startTopic();
  const line = ['publish', '--file', '-', '--count', '3', '--url', topic.url];
  const { exitCode } = await runLine(line, { stdin: ['a\nb', 'b\nc\nd\ne\n'] });
  assert.equal(exitCode, 0);
  assert.deepEqual(topic.texts(), ['a', 'bb', 'c']);
});

test('a request holds no more bytes than the limit', async () => {
  await using topic = await startTopic();
  const path = await writeLines(`${'x'.repeat(3_000_000)}\n`.repeat(4));
  const { exitCode } = await runLine(['publish', '--file', path, '--url', topic.url]);
  assert.equal(exitCode, 0);
  assert.equal(topic.requests.flat().length, 4);
  for (const messages of topic.requests) assert.ok(messages.length <= 2, `${messages.length} of 3 MB in a request`);
});

test('a file that is not there, is a folder, or has too long a line is told by its name', async () => {
  await using topic = await startTopic();
  const long = await writeLines(`ok\n${'x'.repeat(10_000_001)}\n`);
  for (const [path, message] of [
    [join(folder, 'absent.jsonl'), /^burnline publish: --file .*absent\.jsonl cannot be read: ENOENT/],
    [folder, /cannot be read: it is a folder/],
    [long, /line 2 has more than 10000000 bytes/],
  ] as const) {
    const { exitCode, stderr } = await runLine(['publish', '--file', path, '--url', topic.url]);
    assert.equal(exitCode, 1);
    assert.match(stderr, message);
  }
});

test('a busy topic, a limited rate and a broken connection are tried again, and nothing is lost', async () => {
  await using topic = await startTopic(request => [503, 429, 0][request - 1] ?? 200);
  const { exitCode, stdout } = await runLine(['publish', '--count', '100', '--url', topic.url, '--format', 'json']);
  assert.equal(exitCode, 0);
  assert.equal(JSON.parse(stdout).published, 100);
  assert.equal(topic.texts().length, 100);
});

test('after its time it gives up, says how many were accepted, and fails', async () => {
  await using topic = await startTopic(request => (request === 1 ? 200 : 503));
  const { io, written } = createTestIo({});
  const line = ['--count', '3000', '--rate', '1000', '--url', topic.url, '--format', 'json'];
  const published = publishCommand({ io, retryMsMax: 50 }).parseAsync(line, { from: 'user' });
  await assert.rejects(published, {
    code: 'publish_incomplete',
    message: /^50 messages were accepted, then: .*answered 503: not now/,
  });
  assert.equal(JSON.parse(written.stdout).published, 50);
});

test('what the topic will never take is not tried again', async () => {
  let asked = 0;
  await using topic = await startTopic(() => {
    asked += 1;
    return 400;
  });
  const { exitCode, stdout, stderr } = await runLine(['publish', '--count', '1', '--url', topic.url]);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^burnline publish: .*answered 400: not now/);
  assert.equal(asked, 1);
});

test('a topic that is not there is told at once, with what to do', async () => {
  const { exitCode, stdout, stderr } = await runLine(['publish', '--url', await closedUrl()]);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^burnline publish: nothing answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\): start it with `burnline up`/,
  );
});

test('a progress bar is drawn on a terminal only, and never on stdout', async () => {
  await using topic = await startTopic();
  const line = ['publish', '--count', '10', '--url', topic.url, '--format', 'json'];
  const piped = await runLine(line);
  assert.equal(piped.stderr, '');
  const terminal = await runLine(line, { isTTY: true });
  assert.match(terminal.stderr, /100 % · 10 of 10 messages/);
  assert.equal(JSON.parse(terminal.stdout).published, 10);
});

test('what cannot be combined, or is no value, is refused', async () => {
  for (const [option, message] of [
    [['--file', 'x', '--seed', '1'], /'--file <path>' cannot be used with option '--seed <n>'/],
    [['--file', 'x', '--poison', '1%'], /'--file <path>' cannot be used with option '--poison <share>'/],
    [['--count', '0'], /--count must be an integer from 1/],
    [['--seed', '4294967296'], /--seed must be an integer from 0 to 4294967295, not "4294967296"/],
    [['--url', 'nowhere'], /--url must be an http or https address/],
    [['extra'], /too many arguments/],
  ] as const) {
    const { exitCode, stderr } = await runLine(['publish', ...option]);
    assert.equal(exitCode, 1);
    assert.match(stderr, message);
  }
});

test('Ctrl-C lets what is under way end, and prints the summary', async () => {
  await using topic = await startTopic();
  const line = ['publish', '--count', '100000', '--rate', '100', '--url', topic.url, '--format', 'json'];
  const child = spawn(process.execPath, [executable, ...line], { stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', chunk => {
      written[name] += chunk;
    });
  }
  while (topic.requests.length < 2) await new Promise(resolve => setTimeout(resolve, 10));
  child.kill('SIGINT');
  const [exitCode] = await once(child, 'close');
  assert.equal(exitCode, 1);
  assert.equal(JSON.parse(written.stdout).published, topic.texts().length);
  assert.match(written.stderr, /^burnline publish: stopped after \d+ accepted messages\n$/);
});

test('Ctrl-C ends it also while stdin says nothing', async () => {
  await using topic = await startTopic();
  const child = spawn(process.execPath, [executable, 'publish', '--file', '-', '--url', topic.url], { stdio: 'pipe' });
  child.stdin.write('one\n');
  while (topic.requests.length < 1) await new Promise(resolve => setTimeout(resolve, 10));
  child.kill('SIGINT');
  const [exitCode] = await once(child, 'close');
  assert.equal(exitCode, 1);
  assert.deepEqual(topic.texts(), ['one']);
});

test('each message begins a trace where OpenTelemetry is told where to send, and the spans arrive', async () => {
  const traceparents: unknown[] = [];
  const collected: string[] = [];
  await using topic = await startServer((request, response) => {
    collected.push(request.url ?? '');
    if (!request.url?.endsWith(':publish')) return response.end('{}');
    const { messages } = JSON.parse(request.text) as { messages: { attributes: { traceparent?: string } }[] };
    traceparents.push(...messages.map(({ attributes }) => attributes.traceparent));
    return response.end(JSON.stringify({ messageIds: messages.map((_, index) => String(index)) }));
  });
  const child = spawn(process.execPath, [executable, 'publish', '--count', '2', '--url', topic.url], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: topic.url },
  });
  const [exitCode] = await once(child, 'close');
  assert.equal(exitCode, 0);
  assert.equal(traceparents.length, 2);
  for (const traceparent of traceparents) assert.match(String(traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.ok(collected.includes('/v1/traces'));
});
