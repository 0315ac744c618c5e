import type { AuthClient } from 'google-auth-library';

export type Api =
  | 'bigquery'
  | 'cloudresourcemanager'
  | 'iam'
  | 'logging'
  | 'monitoring'
  | 'pubsub'
  | 'run'
  | 'serviceusage'
  | 'telemetry'
  | 'regional_telemetry';
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What an API said to a request. `said` is `taken`, or `refused with 400: ` and its message. */
export type Answer<Body> = { taken: boolean; status: number; said: string; body: Body };

/** An answer about permission, quota or an outage, which settles nothing. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Google's REST APIs, or what stands in for them. */
export type Google = {
  /** The address of an API, which `BURNLINE_CLOUD_<API>_URL` changes, and `PUBSUB_EMULATOR_HOST` too. */
  url(api: Api): string;
  /** Whether a request is taken. Throws `Unanswered`. */
  ask<Body>(method: Method, api: Api, path: string, body?: object): Promise<Answer<Body>>;
  /** The body of the answer. Throws where the request is not taken. */
  need<Body>(method: Method, api: Api, path: string, body?: object): Promise<Body>;
};

/** How long a request may take, in milliseconds. */
export const REQUEST_MS_MAX = 30_000;

/** Google's APIs, as whom `authOf` says. Nothing is asked once `signal` aborts. */
export function createGoogle(options: {
  project: string;
  location: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Google {
  const { project, location, env, signal } = options;

  function url(api: Api): string {
    if (api === 'pubsub' && env.PUBSUB_EMULATOR_HOST) return `http://${env.PUBSUB_EMULATOR_HOST}`;
    const host = api === 'regional_telemetry' ? `telemetry.${location}.rep` : api;
    return env[`BURNLINE_CLOUD_${api.toUpperCase()}_URL`] ?? `https://${host}.googleapis.com`;
  }

  async function ask<Body>(method: Method, api: Api, path: string, body?: object): Promise<Answer<Body>> {
    if (signal.aborted) throw new Error(`Not asked any more: ${signal.reason}`);
    const client = await authOf(url(api));
    const { status, data } = await client.request<string>({
      ...{ url: url(api) + path, method, timeout: REQUEST_MS_MAX, retry: false, responseType: 'text' },
      ...(body && { data: body }),
      // Who runs this may be a person, whose requests count against no project by themselves.
      headers: { 'x-goog-user-project': project },
      validateStatus: () => true,
    });
    const parsed = parse(data);
    const message = parsed?.error?.message ?? parsed?.message ?? String(data).slice(0, 200);
    const taken = status < 300;
    const said = taken ? 'taken' : `refused with ${status}: ${message}`;
    if ([401, 403, 408, 429].includes(status) || status >= 500) {
      throw new Unanswered(`${method} ${url(api)}${path.split('?')[0]} was ${said}`, status);
    }
    return { taken, status, said, body: parsed as Body };
  }

  return {
    url,
    ask,
    async need<Body>(method: Method, api: Api, path: string, body?: object) {
      return bodyOf(await ask<Body>(method, api, path, body));
    },
  };
}

/** The body of what was taken. Throws where it was not. */
export function bodyOf<Body>({ taken, said, body }: Answer<Body>): Body {
  if (!taken) throw new Error(`A request that the script needs was ${said}`);
  return body;
}

function parse(text: string): { message?: string; error?: { message?: string } } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let credentials: Promise<AuthClient> | undefined;

/** The application's default credentials, or none where the address is plain HTTP. Throws where there are none and some are needed. */
export async function authOf(url: string): Promise<AuthClient> {
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library');
  if (url.startsWith('http:')) return new PassThroughClient();
  credentials ??= new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getClient();
  return credentials;
}
