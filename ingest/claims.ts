import { isJsonObject } from '../base/json.ts';
import { ingestErrors } from './errors.ts';

const ISSUERS: readonly unknown[] = ['https://accounts.google.com', 'accounts.google.com'];
/** What the clocks of Google and ours may differ by, as google-auth-library has it. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Checks what a token claims: a token of Google for our audience and of our service account, and not expired. Throws
 * `push_token_invalid`, and `push_account_refused` for another account. Whether it was signed is not asked here.
 */
export function checkClaims(
  token: string,
  { audience, serviceAccount, nowMs }: { audience: string; serviceAccount: string; nowMs: number },
): void {
  const claims = readClaims(token);
  if (!ISSUERS.includes(claims.iss)) throw invalid('iss', 'must be https://accounts.google.com');
  if (claims.aud !== audience) throw invalid('aud', 'must be the audience that this service is set to');
  const { exp } = claims;
  if (typeof exp !== 'number' || nowMs / 1000 > exp + CLOCK_SKEW_SECONDS) throw invalid('exp', 'must lie ahead');
  if (claims.email !== serviceAccount || claims.email_verified !== true) {
    const detail = 'The token is not that of the service account that may push, with a verified email';
    throw ingestErrors.error('push_account_refused', detail);
  }
}

function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (isJsonObject(claims)) return claims;
  } catch {}
  throw ingestErrors.error('push_token_invalid', 'The push token is not a JSON Web Token');
}

function invalid(field: string, rule: string) {
  const detail = `The push token is not valid: ${field} ${rule}`;
  return ingestErrors.error('push_token_invalid', detail, { problems: [{ field, rule }] });
}
