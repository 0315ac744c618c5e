import type { AuthClient } from 'google-auth-library';
import { messageOf } from '../../base/errors.ts';
import type { sleep as sleepFor } from '../../base/sleep.ts';
import { rolloutErrors } from './errors.ts';
import type { Traffic, TrafficTarget } from './traffic.ts';

/** Where the Cloud Run Admin API answers, if nothing says otherwise. */
export const RUN_ENDPOINT = 'https://run.googleapis.com';

const REQUEST_MS_MAX = 20_000;
const POLL_MS = 1000;
const POLLS_MAX = 240;

type Service = { traffic?: TrafficTarget[]; latestReadyRevision?: string; etag: string };
type Operation = { name: string; done?: boolean; error?: { message?: string } };

/**
 * The traffic of a Cloud Run service by the Cloud Run Admin API v2. Google's own wants credentials; what is plain HTTP is asked without.
 *
 * @see https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
 */
export async function openTraffic(options: {
  endpoint: string;
  service: { project: string; location: string; name: string };
  sleep: typeof sleepFor;
}): Promise<Traffic> {
  const { endpoint, service, sleep } = options;
  const client = await openClient(endpoint);
  const [project, location, name] = [service.project, service.location, service.name].map(encodeURIComponent);
  const path = `projects/${project}/locations/${location}/services/${name}`;

  async function call<Answer>(method: 'GET' | 'PATCH', at: string, data?: object): Promise<Answer> {
    const answer = await client
      .request<Answer & { error?: { message?: string } }>({
        ...{ url: `${endpoint}/v2/${at}`, method, ...(data && { data }), responseType: 'json' },
        ...{ timeout: REQUEST_MS_MAX, retry: false, validateStatus: () => true },
      })
      .catch(error => {
        const detail = `Cloud Run cannot be asked: ${messageOf(error)}`;
        throw rolloutErrors.error('cloud_run_failed', detail, { cause: error });
      });
    if (answer.status < 300) return answer.data;
    const code = method === 'PATCH' && answer.status < 500 ? 'cloud_run_refused' : 'cloud_run_failed';
    const reason = answer.data?.error?.message ?? answer.statusText;
    throw rolloutErrors.error(code, `Cloud Run answered ${answer.status} to ${method} ${at}: ${reason}`);
  }

  return {
    async current() {
      const { traffic = [], latestReadyRevision, etag } = await call<Service>('GET', path);
      const latestRevision = latestReadyRevision?.split('/').at(-1);
      return { targets: traffic, etag, ...(latestRevision !== undefined && { latestRevision }) };
    },
    async replace(traffic, etag, signal = new AbortController().signal) {
      let operation = await call<Operation>('PATCH', `${path}?updateMask=traffic`, { traffic, etag });
      for (let polls = 0; !operation.done && !signal.aborted; polls += 1) {
        if (polls === POLLS_MAX) {
          const seconds = (POLLS_MAX * POLL_MS) / 1000;
          throw rolloutErrors.error(
            'cloud_run_failed',
            `Cloud Run was not done with ${operation.name} in ${seconds} s`,
          );
        }
        await sleep(POLL_MS, signal);
        operation = await call<Operation>('GET', operation.name);
      }
      if (operation.error === undefined) return;
      const reason = operation.error.message ?? 'no reason given';
      throw rolloutErrors.error('cloud_run_failed', `Cloud Run could not change the traffic: ${reason}`);
    },
  };
}

async function openClient(endpoint: string): Promise<AuthClient> {
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library');
  if (endpoint.startsWith('http:')) return new PassThroughClient();
  return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getClient();
}
