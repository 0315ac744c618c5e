import assert from 'node:assert/strict';
import { test } from 'node:test';
import { googleHeaders, isGoogleEndpoint } from './google-auth.ts';

test("only Google's own endpoints get a token", () => {
  assert.ok(isGoogleEndpoint('https://telemetry.googleapis.com'));
  assert.ok(isGoogleEndpoint('https://telemetry.googleapis.com/v1/traces'));
  assert.ok(isGoogleEndpoint('https://telemetry.us-central1.rep.googleapis.com'));
  assert.ok(!isGoogleEndpoint('http://127.0.0.1:8090'));
  assert.ok(!isGoogleEndpoint('https://telemetry.googleapis.com.example.org'));
  assert.ok(!isGoogleEndpoint('https://example.org/telemetry.googleapis.com'));
  assert.ok(!isGoogleEndpoint('https://a.telemetry.evil.rep.googleapis.com'));
  assert.ok(!isGoogleEndpoint('nonsense'));
});

test('each export asks for headers anew, for a token ends after an hour', async () => {
  let token = 0;
  const headers = await googleHeaders({
    async getRequestHeaders() {
      token += 1;
      return new Headers({ authorization: `Bearer ${token}`, 'x-goog-user-project': 'p1' });
    },
  });
  assert.deepEqual(await headers(), { authorization: 'Bearer 1', 'x-goog-user-project': 'p1' });
  assert.deepEqual(await headers(), { authorization: 'Bearer 2', 'x-goog-user-project': 'p1' });
});
