import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Append } from '../append.ts';
import { type FakeAnswer, type FakeApi, type FakeRequest, type FakeState, ok, refused } from './api.ts';
import { createFakeBigQuery } from './bigquery.ts';
import { createFakeCloudRun } from './cloud-run.ts';
import { createFakeIam } from './iam.ts';
import { createFakeMonitoring } from './monitoring.ts';
import { createFakePubSub } from './pubsub.ts';
import { createFakeTelemetry } from './telemetry.ts';

const APIS = [
  ...['bigquery', 'cloudresourcemanager', 'iam', 'logging', 'monitoring', 'pubsub', 'run', 'serviceusage'],
  ...['telemetry', 'regional_telemetry'],
];

/**
 * Google, as far as the facts ask it, as we believe it to be. `otherwise` are facts that are not so; what `intercept` answers is
 * answered before all else.
 */
export async function startFakeGoogle(
  options: { otherwise?: readonly string[]; intercept?: (request: FakeRequest) => FakeAnswer | undefined } = {},
) {
  const { otherwise = [], intercept } = options;
  const requests: FakeRequest[] = [];
  const made = new Map<string, unknown>();
  const strayDeletes: string[] = [];
  const state: FakeState = { made, url: '', isOtherwise: fact => otherwise.includes(fact) };
  const run = createFakeCloudRun(state);
  const bigQuery = createFakeBigQuery(state);
  const iam = createFakeIam(state);
  const telemetry = createFakeTelemetry(state, iam);
  const apis: Record<string, FakeApi> = {
    bigquery: bigQuery.answer,
    cloudresourcemanager: iam.answer,
    iam: iam.answer,
    logging: telemetry.answer,
    metadata: iam.answer,
    monitoring: createFakeMonitoring(state, telemetry.descriptors),
    pubsub: createFakePubSub(state),
    run: run.answer,
    front: run.front,
    serviceusage: bigQuery.answer,
    telemetry: telemetry.answer,
    regional_telemetry: telemetry.answer,
  };

  /** Every API deletes alike. */
  function deleted({ method, api, path }: FakeRequest): FakeAnswer | undefined {
    if (method !== 'DELETE') return undefined;
    if (made.delete(`${api}${path}`)) return ok();
    strayDeletes.push(path);
    return refused('it is not there', 404);
  }

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    requests.push(request);
    const { status, body } =
      intercept?.(request) ?? deleted(request) ?? (await apis[request.api]?.(request)) ?? refused('no such API', 404);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    made,
    /** What was to be deleted and was never made. */
    strayDeletes,
    policy: iam.policy,
    append: bigQuery.append satisfies Append,
    env: Object.fromEntries(APIS.map(api => [`BURNLINE_CLOUD_${api.toUpperCase()}_URL`, `${state.url}/${api}`])),
    async [Symbol.asyncDispose]() {
      run.stop();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  const { pathname, searchParams: query } = new URL(incoming.url ?? '', 'http://fake');
  const [, api = '', ...rest] = pathname.split('/');
  const text = (await incoming.toArray()).join('');
  const { method = '', headers } = incoming;
  const body = text === '' ? undefined : JSON.parse(text);
  return {
    method,
    api,
    path: decodeURIComponent(`/${rest.join('/')}`),
    query,
    body,
    authorization: headers.authorization ?? '',
  };
}
