import { isJsonObject } from '../../base/json.ts';
import { describeFailure, judge } from '../endpoint.ts';
import { cliErrors } from '../errors.ts';
import type { FlagState } from './flags.ts';
import type { FlagName } from './table.ts';

const ANSWER_MS_MAX = 10_000;

/** Asks the local Cloud Monitoring about failure flags (handler.ts). Rejects with what it said, or with what to start. */
export function createFlagsClient({ endpoint }: { endpoint: string }) {
  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(endpoint + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).catch(error => {
      throw unanswered(error, endpoint);
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (response.ok && isJsonObject(json)) return json;
    const said = isJsonObject(json) && isJsonObject(json.error) ? json.error.message : undefined;
    const unknown = `${method} ${endpoint}${path} was answered ${response.status}: is this the local Cloud Monitoring?`;
    throw cliErrors.error('endpoint_refused', typeof said === 'string' ? said : unknown);
  }

  return {
    list: async () => ((await ask('GET', '/flags')) as { flags: FlagState[] }).flags,
    set: async (flag: { name: FlagName; value: number | undefined; for: string | undefined }) =>
      (await ask('POST', '/flags', flag)) as FlagState & { asGoogle: boolean },
    off: async (name: FlagName) => (await ask('DELETE', `/flags/${name}`)) as FlagState,
  };
}

function unanswered(error: unknown, endpoint: string) {
  const why = describeFailure(error);
  if (judge(error) !== 'absent')
    return cliErrors.error('endpoint_refused', `${endpoint} broke off: ${why}`, { cause: error });
  const detail = `nothing answers at ${endpoint} (${why}): start the platform with \`npm start\`, or name another with --endpoint`;
  return cliErrors.error('endpoint_missing', detail, { cause: error });
}
