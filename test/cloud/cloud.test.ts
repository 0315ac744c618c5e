import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts } from './facts.ts';
import { type FakeRequest, refused } from './fakes/api.ts';
import { startFakeGoogle } from './fakes/google.ts';
import { main } from './main.ts';

type Fake = Awaited<ReturnType<typeof startFakeGoogle>>;
type Found = { id: string; answer: string; observed: string; setting?: string };

const never = new AbortController().signal;

/** Runs the script against a fake; what it prints and notes. */
async function run(fake: Fake, args: readonly string[], interrupt = never) {
  const printed: string[] = [];
  const notes: string[] = [];
  const exitCode = await main(['--project', 'p', ...args], {
    ...{ env: fake.env, append: fake.append, interrupt, now: Date.now, newId: () => 'abc123', timesFaster: 5000 },
    print: text => printed.push(text),
    note: text => notes.push(text),
  });
  return { exitCode, printed: printed.join('\n'), notes: notes.join('\n') };
}

/** Runs it in JSON, some facts or all. */
async function settle(fake: Fake, only: readonly string[] = [], interrupt = never) {
  const args = ['--yes', '--format', 'json', ...only.flatMap(id => ['--only', id])];
  const { exitCode, printed } = await run(fake, args, interrupt);
  const { facts: found, left } = JSON.parse(printed) as { facts: Found[]; left: string[] };
  return { exitCode, found, left };
}

test('a Google as we believe it to be settles every fact so, and nothing that was made stays', async () => {
  await using fake = await startFakeGoogle();
  const { exitCode, found, left } = await settle(fake);
  const surprises = found.filter(({ answer }) => answer !== 'as believed');
  assert.deepEqual(surprises, []);
  assert.deepEqual(
    found.map(({ id }) => id),
    facts.map(({ id }) => id),
  );
  assert.deepEqual([exitCode, left, [...fake.made.keys()]], [0, [], []]);
  // Nothing but what was made is deleted, and who had a role before has it still.
  assert.deepEqual(fake.strayDeletes, []);
  assert.deepEqual(fake.policy().bindings, [{ role: 'roles/owner', members: ['user:owner@example.com'] }]);
});

test('a Google that is otherwise in everything is found to be so, fact by fact, with what was seen and what to change', async () => {
  await using fake = await startFakeGoogle({ otherwise: facts.map(({ id }) => id) });
  const { exitCode, found, left } = await settle(fake);
  assert.deepEqual(
    found.filter(({ answer }) => answer !== 'otherwise'),
    [],
  );
  assert.ok(found.every(({ observed, setting }) => observed !== '' && setting));
  assert.deepEqual([exitCode, left, [...fake.made.keys()]], [2, [], []]);
  const observed = new Map(found.map(each => [each.id, each.observed]));
  assert.equal(
    observed.get('otlp-metrics'),
    'shown as .counter/counter CUMULATIVE INT64, .gauge/gauge GAUGE DOUBLE, .histogram/histogram CUMULATIVE DISTRIBUTION',
  );
  assert.equal(observed.get('slo-before-metric'), 'taken');
  assert.equal(observed.get('alert-alignment'), 'refused with 400: over 23h30m');
  assert.match(
    observed.get('push-ack-codes') ?? '',
    /^200: 1 times, 201: 1 times, 202: [2-4] times, 204: 1 times, 503: /,
  );
  assert.match(observed.get('burn-rate-look-back') ?? '', /^1 d taken, 3 d taken, 7 d refused with 400: /);
  assert.equal(observed.get('burn-rate-at-zero-traffic'), 'busy: 0, flat: 0, absent: no point');
});

test('a permission that is missing leaves the fact open with Google’s sentence, and there is nothing to remove', async () => {
  const intercept = ({ api }: FakeRequest) =>
    api === 'pubsub' ? refused('Cloud Pub/Sub API has not been used in project p before', 403) : undefined;
  await using fake = await startFakeGoogle({ intercept });
  const { exitCode, found, left } = await settle(fake, ['pubsub-message-size', 'dashboard-widgets']);
  const [widgets, size] = found;
  assert.deepEqual([widgets?.answer, size?.answer], ['as believed', 'not settled']);
  assert.match(
    size?.observed ?? '',
    /^PUT http:.*\/pubsub\/v1\/projects\/p\/topics\/burnline-facts-abc123-size was refused with 403: Cloud Pub\/Sub API has not been used/,
  );
  assert.deepEqual([exitCode, left], [3, []]);
  assert.equal(fake.requests.filter(({ api }) => api === 'pubsub').length, 1);
});

test('what was made before a fact broke is removed, and so is what nobody knows whether it was made', async () => {
  const intercept = ({ path }: FakeRequest) => (path.endsWith('/queries') ? refused('Syntax error') : undefined);
  await using fake = await startFakeGoogle({ intercept });
  const { exitCode, found } = await settle(fake, ['query-least-bytes']);
  assert.equal(found[0]?.observed, 'A request that the script needs was refused with 400: Syntax error');
  assert.deepEqual([exitCode, fake.made.size], [3, 0]);

  const unknown = ({ method }: FakeRequest) => (method === 'PUT' ? refused('try again', 503) : undefined);
  await using outage = await startFakeGoogle({ intercept: unknown });
  outage.made.set('pubsub/v1/projects/p/topics/burnline-facts-abc123-size', {});
  assert.equal((await settle(outage, ['pubsub-message-size'])).exitCode, 3);
  assert.equal(outage.made.size, 0);
});

test('an interrupt ends what is under way, and all of it is removed', async () => {
  const interrupt = new AbortController();
  const intercept = ({ path, method }: FakeRequest) => {
    if (method === 'POST' && path.endsWith('/timeSeries')) interrupt.abort('SIGINT');
    return undefined;
  };
  await using fake = await startFakeGoogle({ intercept });
  const { exitCode, found } = await settle(fake, ['burn-rate-at-zero-traffic'], interrupt.signal);
  assert.equal(found[0]?.observed, 'Not asked any more: SIGINT');
  assert.deepEqual([exitCode, fake.made.size], [3, 0]);
});

test('what cannot be removed is listed with its reason, after three tries, and is exit code 1', async () => {
  const intercept = ({ method, path }: FakeRequest) =>
    method === 'DELETE' && path.includes('/datasets/') ? refused('still in use') : undefined;
  await using fake = await startFakeGoogle({ intercept });
  const { exitCode, printed } = await run(fake, ['--yes', '--only', 'query-least-bytes', '--only', 'query-latency']);
  assert.equal(exitCode, 1);
  assert.match(
    printed,
    /^Not removed: DELETE http:.*\/datasets\/burnline_facts_abc123_least\?deleteContents=true \(refused with 400: still in use\)$/m,
  );
  assert.equal(fake.requests.filter(({ method }) => method === 'DELETE').length, 6);
});

test('a container that does not start, and one that nobody may ask, leave the fact open with the reason', async () => {
  const failed = { terminalCondition: { state: 'CONDITION_FAILED', message: 'no image' } };
  const isRead = ({ api, method }: FakeRequest) => api === 'run' && method === 'GET';
  await using broken = await startFakeGoogle({
    intercept: request => (isRead(request) ? { status: 200, body: failed } : undefined),
  });
  const first = await settle(broken, ['healthz']);
  assert.equal(first.found[0]?.observed, 'Cloud Run did not start burnline-facts-abc123-healthz: no image');
  assert.deepEqual([first.exitCode, broken.made.size], [3, 0]);

  const interrupt = new AbortController();
  let asked = 0;
  await using closed = await startFakeGoogle({
    intercept: ({ api }) => {
      if (api !== 'front') return undefined;
      asked += 1;
      if (asked === 3) interrupt.abort('SIGINT');
      return refused('Forbidden', 403);
    },
  });
  const { exitCode, found } = await settle(closed, ['healthz'], interrupt.signal);
  assert.equal(
    found[0]?.observed,
    'Nobody can ask burnline-facts-abc123-healthz in the time: it answers 403, which an organisation policy against public services may cause',
  );
  assert.deepEqual([exitCode, closed.made.size], [3, 0]);
});

test('dots that become underscores are seen as otherwise, and deleted too', async () => {
  await using fake = await startFakeGoogle({ otherwise: ['dots'] });
  const { exitCode, found } = await settle(fake, ['otlp-delta']);
  assert.equal(found[0]?.observed, 'shown as _delta/delta DELTA DOUBLE');
  assert.deepEqual([exitCode, fake.made.size], [2, 0]);
});

test('roles that may not be granted leave the policy alone and the fact open', async () => {
  const intercept = ({ path }: FakeRequest) =>
    path.endsWith(':setIamPolicy') ? refused('Policy update access denied.', 403) : undefined;
  await using fake = await startFakeGoogle({ intercept });
  const { exitCode, found, left } = await settle(fake, ['otlp-role']);
  assert.match(found[0]?.observed ?? '', /:setIamPolicy was refused with 403: Policy update access denied\.$/);
  assert.deepEqual([exitCode, left, fake.made.size], [3, [], 0]);
});

test('an answer without the figure that was asked for leaves the fact open', async () => {
  await using fake = await startFakeGoogle({
    intercept: ({ api, path }) => {
      if (path.endsWith('/queries')) return { status: 200, body: { jobComplete: true } };
      return api === 'serviceusage' ? { status: 200, body: { metrics: [{ metric: 'other' }] } } : undefined;
    },
  });
  const { exitCode, found } = await settle(fake, ['query-least-bytes', 'query-latency', 'append-connections']);
  assert.deepEqual(
    found.map(({ observed }) => observed),
    [
      'The answer does not say what was billed',
      'The answers do not say how long they took',
      'The quota has another name: other',
    ],
  );
  assert.equal(exitCode, 3);
});

test('it says what it would make and does nothing without --yes, a project, or a fact that it knows', async () => {
  await using fake = await startFakeGoogle();
  await assert.rejects(run(fake, []), /^Error: nothing was done: say --yes/);
  await assert.rejects(
    run(fake, ['--yes', '--only', 'nothing']),
    /^Error: there is no fact nothing: --list has their names$/,
  );
  await assert.rejects(run(fake, ['--format', 'xml']), /^Error: --format is text or json, not xml$/);
  const surroundings = { env: {}, interrupt: never, now: Date.now, newId: () => 'a', print() {}, note() {} };
  await assert.rejects(main(['--yes'], surroundings), /^Error: --project is missing/);
  assert.deepEqual(fake.requests, []);
});

test('a table for people has a line for each fact, and under what is otherwise the setting to change', async () => {
  await using fake = await startFakeGoogle({ otherwise: ['alerts-open'] });
  const { printed, notes } = await run(fake, ['--yes', '--only', 'alerts-open', '--only', 'append-connections']);
  const lines = printed.split('\n');
  assert.match(lines[0] ?? '', /^alerts-open +otherwise +2 alerts: OPEN, CLOSED$/);
  assert.match(lines[1] ?? '', /^ +change +The filter in `slo\/gate\/incidents\.ts`/);
  assert.match(lines[2] ?? '', /^append-connections +as believed +1000 in us-central1$/);
  assert.match(lines.at(-2) ?? '', /^p, us-central1: 1 as believed, 1 otherwise, 0 not settled$/);
  assert.match(
    notes,
    /^In p, us-central1, as burnline-facts-abc123, all of it removed at the end:\n {2}alerts-open: Lists/,
  );
});
