import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdentity } from './identity.ts';

test('without an audience nothing is said, and a token that was handed over is used as it is', async () => {
  assert.deepEqual(await createIdentity({})(), {});
  assert.deepEqual(await createIdentity({ idToken: 't', audience: 'a' })(), { authorization: 'Bearer t' });
});

test('each request asks the client of the audience for its headers, for a token ends after an hour', async () => {
  const opened: string[] = [];
  let token = 0;
  const identity = createIdentity({
    audience: 'https://a.run.app',
    async open(audience) {
      opened.push(audience);
      return {
        async getRequestHeaders() {
          token += 1;
          return new Headers({ authorization: `Bearer ${token}` });
        },
      };
    },
  });
  assert.deepEqual(
    [await identity(), await identity()],
    [{ authorization: 'Bearer 1' }, { authorization: 'Bearer 2' }],
  );
  assert.deepEqual(opened, ['https://a.run.app']);
});

test('credentials that give no ID token are told, with what to do, and are asked again the next time', async () => {
  let tries = 0;
  const identity = createIdentity({
    audience: 'https://a.run.app',
    async open() {
      tries += 1;
      throw new Error('Cannot fetch ID token in this environment');
    },
  });
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(identity(), { code: 'identity_missing', message: /Cannot fetch ID token.+PROBE_ID_TOKEN/ });
  }
  assert.equal(tries, 2);
});
