import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../base/clock.ts';
import { freePort } from '../base/testing.ts';
import { openBigQueryStores } from '../records/bigquery/open.ts';
import { openReplicaFile } from '../records/replica/file.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { bigQueryEmulator } from '../test/emulators/settings.ts';
import type { Served } from './processes.ts';
import { seedRecords } from './seed.ts';
import { compareServers, type Rounds } from './throughput.ts';

const READY_MS_MAX = 30_000;
const PROJECT = 'bench';

type Api = Served & { readyMs: number };

/** Starts the records API as `burnline up` does, and waits until it is ready. */
async function startApi(env: NodeJS.ProcessEnv, only: boolean): Promise<Api> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['cli/burnline.ts', 'up', ...(only ? ['--only', 'api'] : ['--no-traffic'])], {
    env: {
      ...process.env,
      BURNLINE_API_PORT: String(port),
      BURNLINE_INGEST_PORT: '0',
      BURNLINE_MONITORING_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (performance.now() - startedAt > READY_MS_MAX) throw new Error(`${url} was not ready in ${READY_MS_MAX} ms`);
    await sleep(5);
  }
  const readyMs = performance.now() - startedAt;
  return {
    ...{ url, readyMs, pid: child.pid ?? 0 },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ready`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

const cloud = (folder: string) => ({
  ...{ WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: PROJECT },
  BURNLINE_DATA_DIR: join(folder, 'cloud'),
  REPLICA_SNAPSHOT: join(folder, 'snapshot.sqlite'),
});

/** Pages of the same records from the API on BigQuery, which has a replica, and from the embedded one. */
export async function compareReads(options: {
  folder: string;
  records: number;
  rounds: number;
  secondsPerRound: number;
}): Promise<{ replica: Rounds; embedded: Rounds }> {
  const { folder, records } = options;
  const local = join(folder, 'local');
  mkdirSync(local);
  await seedRecords({ path: join(local, 'warehouse.sqlite'), count: records, onProgress: () => {} });
  await seedReplica(local, join(folder, 'snapshot.sqlite'));
  const servers = {
    replica: await startApi(cloud(folder), true),
    embedded: await startApi({ BURNLINE_DATA_DIR: local }, false),
  };
  const measured = await compareServers({ servers, path: '/records?limit=50', ...options });
  await Promise.all(Object.values(servers).map(server => server.stop()));
  return measured;
}

/** A replica's file with the records of an embedded warehouse, as it would be after following BigQuery to now. */
async function seedReplica(local: string, path: string): Promise<void> {
  const dataset = { projectId: PROJECT, dataset: 'latam' };
  const { changes, warehouse } = await openBigQueryStores({
    dataset,
    emulator: bigQueryEmulator(),
    clock: systemClock,
  });
  const embedded = openWarehouseFile({ path: join(local, 'warehouse.sqlite'), clock: systemClock });
  const file = openReplicaFile({ path, source: changes.source, bytesMax: 4_294_967_296 });
  for (let after = ''; ; ) {
    const page = await embedded.reader.page({ limit: 1000, after });
    file.apply(page.map(record => ({ record, version: { orderedAt: 1, messageId: '1' }, source: 'topic' })));
    if (page.length < 1000) break;
    after = page.at(-1)?.id ?? '';
  }
  file.setAppliedTo(systemClock.now() * 1000);
  file.setComparedAt(systemClock.now() * 1000);
  file.close();
  await embedded.warehouse.close();
  await warehouse.close();
}

/** Milliseconds from the start of the process until `/ready` is 200, with an empty disk and the snapshot there. */
export async function measureReady({ folder, runs }: { folder: string; runs: number }): Promise<number[]> {
  const readyMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    rmSync(join(folder, 'cloud'), { recursive: true, force: true });
    const api = await startApi(cloud(folder), true);
    readyMs.push(api.readyMs);
    await api.stop();
  }
  return readyMs;
}
