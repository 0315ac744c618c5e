import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPlatform } from '../platform-process.ts';
import { type Ended, run } from './k6.ts';
import { type Fault, startProxy } from './proxy.ts';

const API_KEY = 'load-test-key';
const headers = { 'x-api-key': API_KEY };

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
export type Tested = Ended & { name: string; file: string; results: Results; xml: string; markdown: string };

/** The platform with a proxy before it, and k6 to test them. */
export async function startScene({ k6, scripts, folder }: { k6: string; scripts: string; folder: string }) {
  const platform = await startPlatform({ BURNLINE_API_KEYS: API_KEY });
  const proxy = await startProxy({ upstream: platform.api });

  /** Runs a script; with a fault, against the proxy. Its results stand in a folder of that name. */
  async function test(name: string, script: string, env: NodeJS.ProcessEnv, fault?: Fault): Promise<Tested> {
    const results = join(folder, name);
    mkdirSync(results, { recursive: true });
    proxy.setFault(fault);
    const addresses = { BASE_URL: fault ? proxy.url : platform.api, INGEST_URL: platform.ingest, API_KEY };
    const args = ['run', '--quiet', join(scripts, `${script}.ts`)];
    const ended = await run(k6, args, { ...addresses, RESULTS_DIR: results, ...env });
    const read = (end: string) => readFileSync(join(results, `${script}.${end}`), 'utf8');
    const [json, xml, markdown] = [read('json'), read('xml'), read('md')];
    return { ...ended, name, file: join(results, `${script}.json`), results: JSON.parse(json), xml, markdown };
  }

  return {
    test,
    slowed: proxy.slowed,
    /** Whether the platform holds no record. */
    async isEmpty(): Promise<boolean> {
      const answer = await fetch(`${platform.api}/records?limit=1`, { headers });
      return answer.ok && ((await answer.json()) as { records: unknown[] }).records.length === 0;
    },
    async stop(): Promise<void> {
      proxy.close();
      await platform.stop();
    },
  };
}
