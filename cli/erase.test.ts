import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedUrl, runLine, startServer } from './testing.ts';

async function startApi() {
  const asked: string[] = [];
  const server = await startServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const id = decodeURIComponent(request.url?.split('/')[2] ?? '');
    response.end(JSON.stringify({ id, events: 3, deadLetters: 1, messages: 2 }));
  });
  return { ...server, asked };
}

test('with --yes it erases and says what was removed', async () => {
  await using api = await startApi();
  const { exitCode, stdout, stderr } = await runLine(['erase', 'ä/b?', '--yes', '--url', api.url]);
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  assert.equal(stdout, 'Erased "ä/b?": 3 events, 1 dead letters, 2 waiting messages\n');
  assert.deepEqual(api.asked, ['DELETE /records/%C3%A4%2Fb%3F']);
});

test('JSON is what the API answered', async () => {
  await using api = await startApi();
  const { stdout } = await runLine(['erase', '42', '--yes', '--url', api.url, '--format', 'json']);
  assert.deepEqual(JSON.parse(stdout), { id: '42', events: 3, deadLetters: 1, messages: 2 });
});

test('on a terminal it asks first, and takes only a yes', async () => {
  await using api = await startApi();
  const line = ['erase', '42', '--url', api.url];
  const declined = await runLine(line, { stdin: ['\n'], isTTY: true });
  assert.equal(declined.exitCode, 1);
  assert.match(declined.stderr, /Erase "42" from .*\[y\/N\].*nothing was erased/s);
  assert.deepEqual(api.asked, []);

  const agreed = await runLine(line, { stdin: ['yes\n'], isTTY: true });
  assert.equal(agreed.exitCode, 0);
  assert.match(agreed.stdout, /^Erased "42"/);
});

test('a terminal that is closed instead of answering has not said yes', async () => {
  await using api = await startApi();
  const { exitCode, stderr } = await runLine(['erase', '42', '--url', api.url], { isTTY: true });
  assert.equal(exitCode, 1);
  assert.match(stderr, /nothing was erased/);
  assert.deepEqual(api.asked, []);
});

test('where nobody can be asked, --yes is needed', async () => {
  await using api = await startApi();
  const { exitCode, stderr } = await runLine(['erase', '42', '--url', api.url], { stdin: ['yes\n'] });
  assert.equal(exitCode, 1);
  assert.match(stderr, /^burnline erase: nobody is there to be asked .*--yes/);
  assert.deepEqual(api.asked, []);
});

test('an id that a URL cannot carry is refused', async () => {
  for (const id of ['', '.', '..']) {
    const { exitCode, stderr } = await runLine(['erase', id, '--yes']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /<id> must not be empty, \. or \.\., not "/);
  }
});

test('an API that is not there is told', async () => {
  const { exitCode, stdout, stderr } = await runLine(['erase', '42', '--yes', '--url', await closedUrl()]);
  assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' });
  assert.match(stderr, /^burnline erase: nothing answers at/);
});
