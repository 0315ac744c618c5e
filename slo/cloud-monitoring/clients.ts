import type { MetricServiceClient, ServiceMonitoringServiceClient } from '@google-cloud/monitoring';
import type { AuthClient } from 'google-auth-library';

/** Where Cloud Monitoring answers, if nothing says otherwise. */
export const GOOGLE_ENDPOINT = 'https://monitoring.googleapis.com';

/** How long a GET may go without an answer. */
const GET_MS_MAX = 10_000;

/** Google's clients of one Cloud Monitoring, Google's own or a local one. */
export type Clients = {
  metrics: MetricServiceClient;
  services: ServiceMonitoringServiceClient;
  /** GETs what no client covers, `/v3/projects/p/alerts` for one; the parsed body, or an error with its HTTP `status`. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  close(): Promise<void>;
};

/**
 * Opens the clients, each over REST, so that one path serves Google and a local endpoint. Google's own wants credentials; what is
 * plain HTTP is asked without.
 *
 * @param endpoint an address such as `http://127.0.0.1:8090`
 */
export async function openClients(endpoint: string = GOOGLE_ENDPOINT): Promise<Clients> {
  const [{ v3 }, { GoogleAuth, PassThroughClient }] = await Promise.all([
    import('@google-cloud/monitoring'),
    import('google-auth-library'),
  ]);
  const { protocol, hostname, port } = new URL(endpoint);
  const authClient: AuthClient =
    protocol === 'http:'
      ? new PassThroughClient()
      : await new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/monitoring.read' }).getClient();
  const options = {
    fallback: true as const,
    protocol: protocol.slice(0, -1),
    apiEndpoint: hostname,
    port: Number(port) || (protocol === 'http:' ? 80 : 443),
    authClient,
  };
  const metrics = new v3.MetricServiceClient(options);
  const services = new v3.ServiceMonitoringServiceClient(options);
  return {
    metrics,
    services,
    async get(path, query = {}) {
      const url = `${endpoint}${path}?${new URLSearchParams(query)}`;
      const { data } = await authClient.request({ url, responseType: 'json', timeout: GET_MS_MAX });
      return data;
    },
    async close() {
      await Promise.all([metrics.close(), services.close()]);
    },
  };
}
