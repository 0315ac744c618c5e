import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpErrors } from '../base/http/errors.ts';
import { createRetry } from './retry.ts';

const busy = () => httpErrors.error('unavailable', 'busy');
const coded = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code }) });

/** Attempts that end as listed, one after the other; the last again and again. */
function attempts(...ends: (unknown | 'ok')[]) {
  const made = { count: 0 };
  return {
    made,
    attempt: async () => {
      const end = ends[Math.min(made.count, ends.length - 1)];
      made.count += 1;
      if (end !== 'ok') throw end;
      return 'ok';
    },
  };
}

test('what is busy, limits the rate or hangs up is asked again', async () => {
  for (const error of [
    busy(),
    httpErrors.error('rate_limited', 'slow'),
    coded('ECONNRESET'),
    coded('UND_ERR_SOCKET'),
  ]) {
    const { attempt, made } = attempts(error, 'ok');
    assert.equal(await createRetry({ retryMsMax: 10_000 })(attempt), 'ok');
    assert.equal(made.count, 2);
  }
});

test('a final answer is not asked again', async () => {
  for (const error of [httpErrors.error('body_too_large', 'large'), new Error('bug')]) {
    const { attempt, made } = attempts(error, 'ok');
    await assert.rejects(createRetry({ retryMsMax: 10_000 })(attempt), error);
    assert.equal(made.count, 1);
  }
});

test('an endpoint that never answered is not waited for; one that did may be starting again', async () => {
  const refused = coded('ECONNREFUSED');
  const first = attempts(refused, 'ok');
  await assert.rejects(createRetry({ retryMsMax: 10_000 })(first.attempt), refused);
  assert.equal(first.made.count, 1);

  const retry = createRetry({ retryMsMax: 10_000 });
  await retry(async () => 'answered');
  assert.equal(await retry(attempts(refused, 'ok').attempt), 'ok');
});

test('it gives up after its time with the last error', async () => {
  const last = busy();
  const { attempt, made } = attempts(busy(), last);
  await assert.rejects(createRetry({ retryMsMax: 150 })(attempt), error => error === last);
  assert.equal(made.count, 2);
});

test('an abort ends the wait', async () => {
  const controller = new AbortController();
  const { attempt, made } = attempts(busy());
  const retried = createRetry({ retryMsMax: 1_000_000, signal: controller.signal })(attempt);
  setImmediate(() => controller.abort());
  await assert.rejects(retried, /busy/);
  assert.equal(made.count, 1);
});
