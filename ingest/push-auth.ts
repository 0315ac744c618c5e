import { type Clock, systemClock } from '../base/clock.ts';
import { createVerifySignature, type FetchCertificates } from './certificates.ts';
import { checkClaims } from './claims.ts';
import { ingestErrors } from './errors.ts';

/** How pushes prove that they are Pub/Sub's (`PUSH_AUTH`), and whose they must be. */
export type PushAuthSettings = {
  mode: 'none' | 'iam' | 'oidc';
  /** The audience of the subscription's push configuration. */
  audience?: string;
  /** The email of its service account. */
  serviceAccount?: string;
  env: Readonly<Record<string, string | undefined>>;
};

/**
 * Resolves where the `Authorization` header may push. Throws `push_token_missing` and `push_token_invalid` (401),
 * `push_account_refused` (403), and `certificates_unreachable` (503), for then nothing is known against the sender.
 */
export type Authenticate = (authorization: string | undefined) => Promise<void>;

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;

/**
 * Makes the check of a mode: `oidc` verifies signature and claims; `iam` the claims only, for Cloud Run has verified the
 * signature and taken it away; `none` nothing. Throws `push_auth_misconfigured` where a mode would be no protection: `none` on
 * Cloud Run, `iam` anywhere else, and both real ones without an audience and a service account.
 */
export function createPushAuth(
  { mode, audience, serviceAccount, env }: PushAuthSettings,
  { fetchCertificates, clock = systemClock }: { fetchCertificates?: FetchCertificates; clock?: Clock } = {},
): Authenticate {
  const onCloudRun = Boolean(env.K_SERVICE);
  if (mode === 'none') {
    if (onCloudRun) throw misconfigured('PUSH_AUTH=none would let anyone push: set it to iam or oidc on Cloud Run');
    return async () => {};
  }
  if (mode === 'iam' && !onCloudRun) {
    throw misconfigured('PUSH_AUTH=iam trusts tokens that Cloud Run has verified, and K_SERVICE is not set: use oidc');
  }
  if (!audience || !serviceAccount) {
    const missing = [!audience && 'PUSH_AUDIENCE', !serviceAccount && 'PUSH_SERVICE_ACCOUNT'].filter(Boolean);
    throw misconfigured(
      `PUSH_AUTH=${mode} needs ${missing.join(' and ')}, as in the subscription's push configuration`,
    );
  }
  const verifySignature = mode === 'oidc' ? createVerifySignature(fetchCertificates) : undefined;

  return async authorization => {
    const token = readToken(authorization);
    await verifySignature?.(token);
    checkClaims(token, { audience, serviceAccount, nowMs: clock.now() });
  };
}

function readToken(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw ingestErrors.error(
      'push_token_missing',
      'Authorization is required: Bearer and an OpenID Connect token of Google',
    );
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw ingestErrors.error('push_token_invalid', 'Authorization must be Bearer and a JSON Web Token');
  }
  return token;
}

function misconfigured(detail: string) {
  return ingestErrors.error('push_auth_misconfigured', detail);
}
