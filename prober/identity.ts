import { messageOf } from '../base/errors.ts';
import { proberErrors } from './errors.ts';

type RequestHeaders = { getRequestHeaders(): Promise<Headers> };

/**
 * The headers by which a private Cloud Run service lets us in: an ID token that was handed over, or one for the audience, by
 * google-auth-library, which is loaded only then. Throws `identity_missing` where there is none to be had.
 *
 * @param options.audience the service's own address, also where one of its tagged revisions is asked
 * @param options.open makes the client that gets tokens
 */
export function createIdentity(options: {
  audience?: string | undefined;
  idToken?: string | undefined;
  open?: (audience: string) => Promise<RequestHeaders>;
}): () => Promise<Record<string, string>> {
  const { audience, idToken, open = openIdTokenClient } = options;
  if (idToken) return async () => ({ authorization: `Bearer ${idToken}` });
  if (!audience) return async () => ({});
  let client: Promise<RequestHeaders> | undefined;
  return async () => {
    client ??= open(audience);
    try {
      return Object.fromEntries(await (await client).getRequestHeaders());
    } catch (error) {
      client = undefined;
      const detail = `No ID token for ${audience} (${messageOf(error)}): run as a service account, or hand a token over in PROBE_ID_TOKEN`;
      throw proberErrors.error('identity_missing', detail, { cause: error });
    }
  };
}

async function openIdTokenClient(audience: string): Promise<RequestHeaders> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth().getIdTokenClient(audience);
}
