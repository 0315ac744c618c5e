import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { createPushAuth } from './push-auth.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const audience = 'https://ingest.example';
const serviceAccount = 'pusher@project.iam.gserviceaccount.com';
const nowSeconds = Math.floor(Date.now() / 1000);
const goodClaims = {
  iss: 'https://accounts.google.com',
  aud: audience,
  email: serviceAccount,
  email_verified: true,
  iat: nowSeconds - 10,
  exp: nowSeconds + 3600,
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(claims: object, { key = privateKey, kid = 'key-1' } = {}): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
  return `Bearer ${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

const oidc = createPushAuth(
  { mode: 'oidc', audience, serviceAccount, env: {} },
  { fetchCertificates: async () => ({ 'key-1': pem }) },
);
const iam = createPushAuth({ mode: 'iam', audience, serviceAccount, env: { K_SERVICE: 'ingest' } });

/** As Cloud Run hands it on. */
const strip = (claims: object) => `Bearer ${encode({ alg: 'RS256' })}.${encode(claims)}.SIGNATURE_REMOVED_BY_GOOGLE`;

test('oidc: a token of Google for our audience and service account may push', async () => {
  await oidc(sign(goodClaims));
  await oidc(sign({ ...goodClaims, iss: 'accounts.google.com' }));
});

test('iam: a token whose signature Cloud Run has taken away may push', async () => {
  await iam(strip(goodClaims));
});

for (const [what, change, code] of [
  ['another audience', { aud: 'https://other.example' }, 'push_token_invalid'],
  ['no audience', { aud: undefined }, 'push_token_invalid'],
  ['several audiences', { aud: [audience] }, 'push_token_invalid'],
  ['another issuer', { iss: 'https://accounts.google.com.example' }, 'push_token_invalid'],
  ['an expired token', { exp: nowSeconds - 301, iat: nowSeconds - 4000 }, 'push_token_invalid'],
  ['no expiry', { exp: undefined }, 'push_token_invalid'],
  ['another account', { email: 'other@project.iam.gserviceaccount.com' }, 'push_account_refused'],
  ['an unverified email', { email_verified: false }, 'push_account_refused'],
  ['an email verified in words', { email_verified: 'true' }, 'push_account_refused'],
  ['no email', { email: undefined }, 'push_account_refused'],
] as const) {
  test(`${what} may not push, under oidc and iam alike`, async () => {
    await assert.rejects(oidc(sign({ ...goodClaims, ...change })), { code });
    await assert.rejects(iam(strip({ ...goodClaims, ...change })), { code });
  });
}

for (const [what, authorization] of [
  ['signed by a stranger', sign(goodClaims, { key: stranger.privateKey })],
  ['signed with an unknown key', sign(goodClaims, { kid: 'key-2' })],
  ['with a key id that every object has', sign(goodClaims, { kid: 'constructor' })],
  [
    'whose claims were changed',
    sign(goodClaims).replace(/\.[^.]+\./, `.${encode({ ...goodClaims, exp: nowSeconds + 7200 })}.`),
  ],
  ['with alg none and no signature', `Bearer ${encode({ alg: 'none', kid: 'key-1' })}.${encode(goodClaims)}.`],
  ['whose signature was taken away', strip(goodClaims)],
  ['used before its time', sign({ ...goodClaims, iat: nowSeconds + 1000 })],
] as const) {
  test(`oidc: a token ${what} may not push, and the answer does not repeat it`, async () => {
    await assert.rejects(oidc(authorization), (error: Error & { code: string }) => {
      assert.equal(error.code, 'push_token_invalid');
      assert.ok(!error.message.includes(authorization.slice(7)));
      return true;
    });
  });
}

for (const authorization of [
  '',
  'garbage',
  'Bearer',
  'Bearer a.b',
  'Bearer a.b.c',
  'Bearer a.bnVsbA.c',
  'Basic YTpi',
]) {
  test(`the header ${JSON.stringify(authorization)} may not push`, async () => {
    await assert.rejects(oidc(authorization), { code: 'push_token_invalid' });
    await assert.rejects(iam(authorization), { code: 'push_token_invalid' });
  });
}

test('no header at all is told apart', async () => {
  await assert.rejects(oidc(undefined), { code: 'push_token_missing' });
  await assert.rejects(iam(undefined), { code: 'push_token_missing' });
});

test('where the certificates are out of reach, it is 503 and not 401, even for a token that is wrong', async () => {
  const fetchCertificates = () => Promise.reject(new Error('ENOTFOUND'));
  const authenticate = createPushAuth({ mode: 'oidc', audience, serviceAccount, env: {} }, { fetchCertificates });
  for (const authorization of [sign(goodClaims), sign(goodClaims, { key: stranger.privateKey })]) {
    await assert.rejects(authenticate(authorization), (error: Error & { code: string; row: { status: number } }) => {
      assert.equal(error.code, 'certificates_unreachable');
      assert.equal(error.row.status, 503);
      return true;
    });
  }
});

test('none lets everyone push, and is refused on Cloud Run', async () => {
  await createPushAuth({ mode: 'none', env: {} })(undefined);
  assert.throws(() => createPushAuth({ mode: 'none', env: { K_SERVICE: 'ingest' } }), {
    code: 'push_auth_misconfigured',
  });
});

test('iam is refused anywhere but on Cloud Run, for nobody has verified the signature there', () => {
  assert.throws(() => createPushAuth({ mode: 'iam', audience, serviceAccount, env: {} }), /K_SERVICE/);
});

test('oidc and iam do not start without an audience and a service account', () => {
  const env = { K_SERVICE: 'ingest' };
  assert.throws(() => createPushAuth({ mode: 'oidc', audience, env }), /PUSH_SERVICE_ACCOUNT/);
  assert.throws(() => createPushAuth({ mode: 'iam', serviceAccount, env }), /PUSH_AUDIENCE/);
  assert.throws(() => createPushAuth({ mode: 'oidc', env }), /PUSH_AUDIENCE and PUSH_SERVICE_ACCOUNT/);
});
