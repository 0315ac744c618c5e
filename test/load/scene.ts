import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../base/testing.ts';
import { createFlagsClient } from '../../cli/faults/client.ts';
import { startPlatform } from '../platform-process.ts';
import { askGate } from './gate.ts';
import { type Ended, run } from './k6.ts';
import { createMonitoringReader } from './monitoring.ts';

const API_KEY = 'load-test-key';
const headers = { 'x-api-key': API_KEY };
const USERS = 4;

/** The scripts that are tested. */
export const scripts = join(import.meta.dirname, '../../load-tests');

/** A k6 result file, as far as it is looked at here. */
export type Results = {
  metrics: Readonly<Record<string, { values: Readonly<Record<string, number>> }>>;
  burnline: {
    service: string;
    slowest: readonly { request: string; traceId: string }[];
    steps: readonly { isBroken: boolean }[];
  };
};

/** A test that was run, with the results that it wrote. */
export type Tested = Ended & { file: string; results: Results; xml: string; markdown: string };

export type Scene = Awaited<ReturnType<typeof startScene>>;
/** The k6 command, and a folder for what it writes. */
export type Stage = { k6: string; folder: string };

/** A whole local platform of its own, its traffic and its Cloud Monitoring with it, and k6 to test it. */
export async function startScene({ k6, folder, env = {} }: Stage & { env?: NodeJS.ProcessEnv }) {
  const platform = await startPlatform({ BURNLINE_API_KEYS: API_KEY, ...env }, []);
  const { api, ingest, monitoring } = platform;

  /**
   * Runs a script. Its results stand in a folder of that name.
   *
   * @param options.meanwhile goes on beside it, and may ask whether a step of it has begun, or all is over
   */
  async function test(
    name: string,
    script: string,
    options: { env: NodeJS.ProcessEnv; meanwhile?: (hasBegun: (step: number) => Promise<boolean>) => Promise<void> },
  ): Promise<Tested> {
    const results = join(folder, name);
    mkdirSync(results, { recursive: true });
    const addresses = { BASE_URL: api, INGEST_URL: ingest, API_KEY, RESULTS_DIR: results };
    const address = `127.0.0.1:${await freePort()}`;
    const args = ['run', '--quiet', '--address', address, join(scripts, `${script}.ts`)];
    let isOver = false;
    const running = run(k6, args, { ...addresses, ...options.env }).finally(() => {
      isOver = true;
    });
    const hasBegun = async (step: number) => isOver || (await readRate(address, `slo_availability{step:${step}}`)) > 0;
    const [ended] = await Promise.all([running, options.meanwhile?.(hasBegun)]);
    const read = (end: string) => readFileSync(join(results, `${script}.${end}`), 'utf8');
    const [json, xml, markdown] = [read('json'), read('xml'), read('md')];
    return { ...ended, file: join(results, `${script}.json`), results: JSON.parse(json), xml, markdown };
  }

  return {
    test,
    flags: createFlagsClient({ endpoint: monitoring }),
    monitoring: createMonitoringReader(monitoring),
    askGate: (file: string) => askGate(file, monitoring),
    /** Reads so many pages as users do: without the mark of a load test. */
    async readAsUsers(count: number): Promise<void> {
      const read = async () => {
        for (let sent = 0; sent < count; sent += USERS) {
          const answer = await fetch(`${api}/records?limit=20`, { headers });
          await answer.arrayBuffer();
        }
      };
      await Promise.all(Array.from({ length: USERS }, read));
    },
    async isThere(id: string): Promise<boolean> {
      return (await fetch(`${api}/records/${id}`, { headers })).ok;
    },
    /** Writes something else into these records. */
    async overwrite(ids: readonly string[]): Promise<void> {
      const body = JSON.stringify({ name: 'Somebody else' });
      const init = { method: 'PUT', headers: { ...headers, 'content-type': 'application/json' }, body };
      await Promise.all(ids.map(id => fetch(`${api}/records/${id}`, init)));
    },
    /** The first records in order of id, a thousand at most. */
    async ids(): Promise<string[]> {
      const answer = await fetch(`${api}/records?limit=1000`, { headers });
      return ((await answer.json()) as { records: { id: string }[] }).records.map(({ id }) => id);
    },
    [Symbol.asyncDispose]: platform.stop,
  };
}

/** A rate of a k6 that runs, by its own API; 0 where it does not answer. */
async function readRate(address: string, metric: string): Promise<number> {
  type Metric = { data?: { attributes: { sample: { rate: number } } } };
  try {
    const answer = await fetch(`http://${address}/v1/metrics/${metric}`);
    return ((await answer.json()) as Metric).data?.attributes.sample.rate ?? 0;
  } catch {
    return 0;
  }
}
