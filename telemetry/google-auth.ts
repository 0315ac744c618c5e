type RequestHeaders = { getRequestHeaders(): Promise<Headers> };

/** Whether the endpoint is Google's own OTLP intake, global or regional, which takes OAuth tokens and nothing else. */
export function isGoogleEndpoint(endpoint: string): boolean {
  const { hostname } = URL.parse(endpoint) ?? { hostname: '' };
  return hostname === 'telemetry.googleapis.com' || /^telemetry\.[a-z0-9-]+\.rep\.googleapis\.com$/.test(hostname);
}

/**
 * The headers of each export to Google: a token lives for an hour, so they cannot be set once. The default `auth` is the
 * application's default credentials, by google-auth-library, which is loaded only here.
 */
export async function googleHeaders(auth?: RequestHeaders): Promise<() => Promise<Record<string, string>>> {
  const credentials = auth ?? (await defaultCredentials());
  return async () => Object.fromEntries(await credentials.getRequestHeaders());
}

async function defaultCredentials(): Promise<RequestHeaders> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
}
