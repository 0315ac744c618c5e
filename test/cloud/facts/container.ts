import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf } from '../google.ts';
import type { World } from '../world.ts';

/** From Docker Hub, which Cloud Run reads by itself: what runs in it comes as an argument, so that no image has to be built. */
const IMAGE = 'node:24-slim';
const CODE = readFileSync(join(import.meta.dirname, 'container.js'), 'utf8');

type Service = { uri?: string; terminalCondition?: { state?: string; message?: string } };

/**
 * Starts a Cloud Run service of one instance that anybody may ask, which `container.js` is. Gives its address once it answers.
 *
 * @param options.serviceAccount as whom it runs; the project's default one where it is not said
 * @param options.metric the name of the metric that it sends
 */
export async function startContainer(
  world: World,
  what: string,
  options: { serviceAccount?: string; metric?: string } = {},
): Promise<string> {
  const { google, project, location, run, labels } = world;
  const { serviceAccount, metric = '' } = options;
  const root = `/v2/projects/${project}/locations/${location}/services`;
  const id = `${run}-${what}`;
  const env = { OTLP_URL: google.url('telemetry'), LOCATION: location, PROJECT: project, METRIC: metric };
  const container = {
    ...{ image: IMAGE, command: ['node'], args: ['--input-type=module', '--eval', CODE] },
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  };
  const template = {
    containers: [container],
    scaling: { maxInstanceCount: 1 },
    ...(serviceAccount && { serviceAccount }),
  };
  const body = { labels, ingress: 'INGRESS_TRAFFIC_ALL', invokerIamDisabled: true, template };
  bodyOf(await world.make('POST', 'run', `${root}?serviceId=${id}`, body, `${root}/${id}`));
  let said = 'it is not ready';
  const uri = await world.poll(async () => {
    const service = await google.need<Service>('GET', 'run', `${root}/${id}`);
    const { state, message = said } = service.terminalCondition ?? {};
    if (state === 'CONDITION_FAILED') throw new Error(`Cloud Run did not start ${id}: ${message}`);
    if (state !== 'CONDITION_SUCCEEDED' || !service.uri) return undefined;
    const { ok, status } = await fetch(`${service.uri}/ready`).catch(() => ({ ok: false, status: 'nothing' }));
    said = `it answers ${status}, which an organisation policy against public services may cause`;
    return ok ? service.uri : undefined;
  });
  if (uri === undefined) throw new Error(`Nobody can ask ${id} in the time: ${said}`);
  return uri;
}
