import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../base/testing.ts';
import { send } from './platform.ts';

/** `burnline up` as a process of its own. */
async function up(t: TestContext, env: NodeJS.ProcessEnv = {}, ...options: string[]) {
  const dataFolder = temporaryFolder();
  const ports = { BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0', BURNLINE_MONITORING_PORT: '0' };
  const child = spawn(process.execPath, ['cli/burnline.ts', 'up', '--format', 'json', '--no-traffic', ...options], {
    env: { ...process.env, ...ports, BURNLINE_DATA_DIR: dataFolder, ...env },
  });
  t.after(() => child.kill('SIGKILL'));
  const errors: string[] = [];
  child.stderr.on('data', data => errors.push(String(data)));
  const first = once(child.stdout, 'data').then(([data]) => JSON.parse(String(data)));
  const started = await Promise.race([first, once(child, 'exit').then(() => undefined)]);
  return { child, started, errors, dataFolder };
}

/** How far the threads of a process stand back for others, by number: 0 is as all do, and 19 the furthest. */
async function nicenessOf(pid: number): Promise<Map<number, number>> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = threads.map(async thread => {
    const [, fields = ''] = (await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')).split(') ');
    return [Number(thread), Number(fields.split(' ')[16])] as const;
  });
  return new Map(await Promise.all(stats));
}

/** A write whose body, `{"name":"a"}`, has come as far as its first letter. */
async function beginPut(t: TestContext, api: string): Promise<Socket> {
  const socket = connect(Number(new URL(api).port), '127.0.0.1').on('error', () => {});
  t.after(() => socket.destroy());
  socket.write('PUT /records/1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{');
  // Its head has been read once another request is answered.
  await send('GET', `${api}/health`);
  return socket;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('the monitoring gives way to what it measures', { skip: process.platform !== 'linux' }, async t => {
  const { child } = await up(t);
  const pid = child.pid ?? 0;
  const niceness = await nicenessOf(pid);
  assert.equal(niceness.get(pid), 0);
  assert.equal([...niceness.values()].filter(nice => nice === 10).length, 1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends burnline up with 0 once a request under way is answered`, async t => {
    const { child, started } = await up(t);
    const answer = send('PUT', `${started.api}/records/1`, { name: 'under way' });
    assert.equal((await answer).status, 200);
    child.kill(signal);
    assert.equal(await exitOf(child), 0);
    await assert.rejects(send('GET', `${started.api}/health`));
  });
}

test('a signal that npm passes on a second time ends nothing early', async t => {
  const { child, started, errors } = await up(t);
  const slow = await beginPut(t, started.api);
  const sending = setInterval(() => child.kill('SIGINT'), 1);
  await sleep(100);
  clearInterval(sending);
  slow.write('"name":"a"}');
  const [answer] = await Promise.race([once(slow, 'data'), once(slow, 'close')]);
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
  assert.equal(await exitOf(child), 0);
  assert.match(errors.join(''), /Stopped\. Nothing was left half-written\./);
});

test('a second Ctrl-C ends a drain that takes long', async t => {
  const { child, started, errors } = await up(t);
  await beginPut(t, started.api);
  child.kill('SIGINT');
  await sleep(700);
  assert.equal(child.exitCode, null);
  child.kill('SIGINT');
  await exitOf(child);
  assert.equal(child.signalCode, 'SIGINT');
  assert.doesNotMatch(errors.join(''), /Stopped/);
});

test('a second burnline up on the same data folder is refused, naming the first', async t => {
  const first = await up(t);
  const second = await up(t, { BURNLINE_DATA_DIR: first.dataFolder });
  assert.equal(await exitOf(second.child), 1);
  assert.match(second.errors.join(''), new RegExp(`in use by process ${first.child.pid}`));
});

test('a topic that is not there is named, with what to do', async t => {
  const unnamed = await up(t, { TOPIC: 'pubsub', PUBSUB_EMULATOR_HOST: '', GOOGLE_CLOUD_PROJECT: '' });
  assert.equal(await exitOf(unnamed.child), 1);
  assert.match(unnamed.errors.join(''), /GOOGLE_CLOUD_PROJECT must name the project/);
  const absent = await up(t, { TOPIC: 'pubsub', PUBSUB_EMULATOR_HOST: '127.0.0.1:1' });
  assert.equal(await exitOf(absent.child), 1);
  assert.match(absent.errors.join(''), /No Pub\/Sub emulator answers at 127\.0\.0\.1:1/);
});

test('a taken port and a wrong setting are named', async t => {
  const first = await up(t);
  const taken = await up(t, { BURNLINE_API_PORT: new URL(first.started.api).port });
  assert.equal(await exitOf(taken.child), 1);
  assert.match(taken.errors.join(''), /BURNLINE_API_PORT/);
  const wrong = await up(t, { BURNLINE_API_PORT: 'eighty' });
  assert.equal(await exitOf(wrong.child), 1);
  assert.match(wrong.errors.join(''), /BURNLINE_API_PORT must be a port, not "eighty"/);
});

test('history is announced where it is made: not by one service alone', async t => {
  const { child, errors } = await up(t, {}, '--only', 'api', '--demo');
  assert.equal(await exitOf(child), 1);
  assert.match(errors.join(''), /^burnline up: --only api needs WAREHOUSE=bigquery: /);
});
