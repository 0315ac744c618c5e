import type { Clock } from '../base/clock.ts';
import type { SqliteTopic } from '../records/sqlite/topic.ts';
import type { Topic } from '../records/topic.ts';
import type { Settings } from './settings.ts';

/** The topic that the settings name; `embedded` is the same where it is the one in SQLite. */
export async function openTopic({
  settings,
  clock,
}: {
  settings: Pick<Settings, 'topic'>;
  clock: Clock;
}): Promise<{ topic: Topic; embedded?: SqliteTopic }> {
  if (settings.topic.kind === 'local') {
    const { createSqliteTopic } = await import('../records/sqlite/topic.ts');
    const embedded = createSqliteTopic({ path: settings.topic.path, clock });
    return { topic: embedded, embedded };
  }
  const { projectId, names, onEmulator } = settings.topic;
  if (onEmulator) await (await import('../records/pubsub/create.ts')).createEmulatorTopic({ projectId, names });
  const { openPubSubTopic } = await import('../records/pubsub/topic.ts');
  return { topic: await openPubSubTopic({ projectId, names }) };
}
