// Drains one topic in one of the ways, in a process of its own, and prints messages a second: what ran before must not have
// warmed it up. Arguments: the way, and how many messages.
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { temporaryFolder } from '../base/testing.ts';
import { openBigQueryStores } from '../records/bigquery/open.ts';
import { createEmulatorTopic } from '../records/pubsub/create.ts';
import { openPubSubTopic } from '../records/pubsub/topic.ts';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { bigQueryEmulator } from '../test/emulators/settings.ts';
import { drainByClient, drainByIngest, drainByPulls, fillTopic } from './drain.ts';

const clock = systemClock;
const projectId = `p-${crypto.randomUUID()}`;
const count = Number(process.argv[3]);

async function pubsub() {
  await createEmulatorTopic({ projectId });
  const topic = await openPubSubTopic({ projectId });
  await fillTopic(topic, count);
  return topic.subscription;
}

async function embedded() {
  const topic = createSqliteTopic({ path: join(temporaryFolder(), 'topic.sqlite'), clock });
  await fillTopic(topic, count);
  return topic.subscription;
}

const sqlite = () => openWarehouseFile({ path: join(temporaryFolder(), 'warehouse.sqlite'), clock });
const bigquery = () =>
  openBigQueryStores({
    dataset: { projectId, dataset: 'latam' },
    emulator: bigQueryEmulator(),
    clock,
    appendsSoon: true,
  });

/** The ways, each with what is drained by what. */
const ways: Readonly<Record<string, () => Promise<number>>> = {
  async client() {
    await pubsub();
    return drainByClient({ projectId, count });
  },
  pulls: async () => drainByPulls(await pubsub(), count),
  sqlite: async () => drainByIngest({ subscription: await pubsub(), ...sqlite(), count }),
  async bigquery() {
    // Google's own subscriber has its library there before the clock starts, and this is the same half a second.
    await import('@google-cloud/bigquery-storage');
    return drainByIngest({ subscription: await pubsub(), ...(await bigquery()), count });
  },
  embeddedPulls: async () => drainByPulls(await embedded(), count),
  embedded: async () => drainByIngest({ subscription: await embedded(), ...sqlite(), count }),
};
const way = ways[process.argv[2] ?? ''];
if (!way) throw new Error(`The way must be one of ${Object.keys(ways).join(', ')}`);
process.stdout.write(String(await way()));
process.exit();
