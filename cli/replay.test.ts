import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedUrl, runLine, startServer } from './testing.ts';

type Letter = { id: string; reason: string; refusedFor?: string };

/** An API whose dead letters come two a page; those with `refusedFor` stay refused. */
async function startApi(letters: Letter[], { busyOnce = false } = {}) {
  const asked: string[] = [];
  let isBusy = busyOnce;
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    asked.push(`${request.method} ${url.pathname} ${request.headers['x-api-key'] ?? ''}`.trim());
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (isBusy) {
      isBusy = false;
      return answer(429, { detail: 'slow down' });
    }
    if (url.pathname === '/dead-letters') {
      const reason = url.searchParams.get('reason');
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const found = letters.filter(letter => reason === null || letter.reason === reason);
      const nextCursor = from + 2 < found.length ? String(from + 2) : null;
      return answer(200, { deadLetters: found.slice(from, from + 2), nextCursor });
    }
    const id = decodeURIComponent(url.pathname.split('/')[2] ?? '');
    const letter = letters.find(known => known.id === id);
    if (!letter) return answer(404, { detail: `There is no dead letter ${id}` });
    return letter.refusedFor
      ? answer(422, { title: 'Still refused', detail: letter.refusedFor })
      : answer(200, { outcome: 'stored', id });
  });
  return { ...server, asked };
}

const five: Letter[] = ['1', '2', '3', '4', 'a/b'].map(id => ({ id, reason: id === '3' ? 'not_json' : 'row_refused' }));

test('all are replayed, page by page', async () => {
  await using api = await startApi(five);
  const { exitCode, stdout, stderr } = await runLine(['replay', '--all', '--url', api.url]);
  assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 0, stdout: 'Replayed 5, still refused 0\n', stderr: '' });
  assert.equal(api.asked.filter(line => line.startsWith('GET /dead-letters')).length, 3);
  assert.ok(api.asked.includes('POST /dead-letters/a%2Fb/replay'));
});

test('only those of a reason', async () => {
  await using api = await startApi(five);
  const { exitCode, stdout } = await runLine(['replay', '--reason', 'not_json', '--url', api.url]);
  assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: 'Replayed 1, still refused 0\n' });
});

test('what is still refused is named with its reason, and the answer is no', async () => {
  await using api = await startApi([...five, { id: '6', reason: 'row_refused', refusedFor: 'name is required' }]);
  const text = await runLine(['replay', '1', '6', '--url', api.url]);
  assert.equal(text.exitCode, 2);
  assert.equal(text.stdout, 'Refused 6: name is required\nReplayed 1, still refused 1\n');
  assert.match(text.stderr, /^burnline replay: 1 of 2 are still refused/);

  const json = await runLine(['replay', '--all', '--url', api.url, '--format', 'json']);
  assert.equal(json.exitCode, 2);
  const refused = [{ id: '6', reason: 'name is required' }];
  assert.deepEqual(JSON.parse(json.stdout), { replayed: 5, stillRefused: 1, refused, missing: [] });
});

test('a dead letter named by its id that is not there is an error, after the others were replayed', async () => {
  await using api = await startApi(five);
  const { exitCode, stdout, stderr } = await runLine(['replay', '1', '99', '--url', api.url]);
  assert.equal(exitCode, 1);
  assert.equal(stdout, 'Missing 99\nReplayed 1, still refused 0\n');
  assert.match(stderr, /there is no dead letter 99/);
});

test('the key is sent, from the option or the environment', async () => {
  await using api = await startApi(five);
  await runLine(['replay', '1', '--url', api.url, '--api-key', 'k1']);
  await runLine(['replay', '1', '--url', api.url], { env: { BURNLINE_API_KEY: 'k2' } });
  assert.deepEqual(api.asked, ['POST /dead-letters/1/replay k1', 'POST /dead-letters/1/replay k2']);
});

test('a limited rate is waited for', async () => {
  await using api = await startApi(five, { busyOnce: true });
  assert.equal((await runLine(['replay', '1', '--url', api.url])).exitCode, 0);
  assert.equal(api.asked.length, 2);
});

test('an endpoint that is not there is told with what to do, and nothing is written to stdout', async () => {
  const url = await closedUrl();
  const { exitCode, stdout, stderr } = await runLine(['replay', '--all', '--url', url]);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(stderr, new RegExp(`^burnline replay: nothing answers at ${url} .*burnline up`));
});

test('what the API refuses, and what is no API, is told', async () => {
  await using refusing = await startServer((_, response) =>
    response.writeHead(401).end('{"detail":"Send a valid key"}'),
  );
  const refused = await runLine(['replay', '--all', '--url', refusing.url]);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /was answered 401: Send a valid key/);

  await using other = await startServer((_, response) => response.end('<html>'));
  const lost = await runLine(['replay', '--all', '--url', other.url]);
  assert.equal(lost.exitCode, 1);
  assert.match(lost.stderr, /is this the records API\?/);
});

test('it must be said which to replay, and a reason must be one that there is', async () => {
  for (const line of [['replay'], ['replay', '1', '--all'], ['replay', '--reason', 'mood']]) {
    const { exitCode, stderr } = await runLine(line);
    assert.equal(exitCode, 1);
    assert.match(stderr, /^burnline replay: (say which dead letters|option '--reason)/);
  }
});
