import { messageOf } from '../../base/errors.ts';
import type { Catalogue } from '../../slo/catalogue.ts';
import { seriesOf } from '../../slo/causes.ts';
import { selectionsOf } from '../../slo/sli.ts';
import { cliErrors } from '../errors.ts';

/** The types of all metrics that SLOs and alerts select, sorted: each has to have had a point before one of them can be made. */
export function neededMetrics({ services }: Catalogue): string[] {
  const selections = services.flatMap(({ objectives, causes }) => [
    ...objectives.flatMap(({ sli }) => selectionsOf(sli)),
    // A drop is PromQL, made whether its metric is there or not.
    ...causes.flatMap(({ when }) => (when.test === 'drop' ? [] : [seriesOf(when)])),
  ]);
  return [...new Set(selections.map(({ metric }) => metric.type))].sort();
}

/** Those of them that a project does not have, asked of Cloud Monitoring one by one. */
export async function missingMetrics(
  types: readonly string[],
  { project, endpoint }: { project: string; endpoint: string },
): Promise<string[]> {
  const client = await openClient(endpoint);
  const there = await Promise.all(
    types.map(type => isThere(client, `${endpoint}/v3/projects/${project}/metricDescriptors/${type}`)),
  );
  return types.filter((_, index) => !there[index]);
}

type Get = (url: string) => Promise<number>;

/** Google's own endpoint wants a token; a local one does not. */
async function openClient(endpoint: string): Promise<Get> {
  if (!endpoint.startsWith('https://')) return async url => (await fetch(url)).status;
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/monitoring.read' });
  return async url => (await auth.request({ url, validateStatus: () => true })).status;
}

async function isThere(get: Get, url: string): Promise<boolean> {
  let status: number;
  try {
    status = await get(url);
  } catch (error) {
    throw cliErrors.error('endpoint_missing', `${url} cannot be asked: ${messageOf(error)}`, { cause: error });
  }
  if (status === 200) return true;
  if (status === 404) return false;
  throw cliErrors.error(
    'endpoint_refused',
    `${url} answered ${status}: check the project and that you may read its metrics`,
  );
}
