import { limits } from '../base/limits.ts';
import { within } from '../base/within.ts';
import { ingestErrors } from './errors.ts';

/** Google's public certificates by key id, as PEM. */
export type FetchCertificates = () => Promise<Readonly<Record<string, string>>>;

/** Checks a token's signature and times. Throws `push_token_invalid` and `certificates_unreachable`. */
export type VerifySignature = (token: string) => Promise<void>;

/** Verifies tokens by google-auth-library, which is loaded at the first of them, and keeps the certificates while they last. */
export function createVerifySignature(fetchCertificates?: FetchCertificates): VerifySignature {
  const loaded = lazy(async () => {
    const { OAuth2Client } = await import('google-auth-library');
    return new OAuth2Client();
  });

  return async token => {
    const client = await loaded();
    const fetchFromGoogle = async () => (await client.getFederatedSignonCertsAsync()).certs;
    let certificates: Awaited<ReturnType<typeof fetchFromGoogle>>;
    try {
      certificates = await within(
        limits.certificates_ms_max,
        fetchCertificates ?? fetchFromGoogle,
        () => new Error('timeout'),
      );
    } catch (error) {
      const detail = "Google's certificates are out of reach, so the token cannot be checked: send it again";
      throw ingestErrors.error('certificates_unreachable', detail, { cause: error });
    }
    try {
      await client.verifySignedJwtWithCertsAsync(token, certificates);
    } catch {
      // The library's own message holds the token, and belongs neither into an answer nor into a log.
      const detail = 'The push token is not signed by Google, or used before or after its time';
      throw ingestErrors.error('push_token_invalid', detail);
    }
  };
}

function lazy<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
