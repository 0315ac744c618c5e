import { suite } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmulatorTopic } from '../../records/pubsub/create.ts';
import { openPubSubTopic } from '../../records/pubsub/topic.ts';
import { testTopic } from '../../records/topic.contract.ts';

suite('Pub/Sub', { concurrency: true }, () => {
  testTopic('Pub/Sub', {
    backoffMsMax: 2000,
    slackMs: 4000,
    async create() {
      const settings = { projectId: `p-${crypto.randomUUID()}`, ackDeadlineSeconds: 10 };
      await createEmulatorTopic({ ...settings, deliveryAttemptsMax: 5, backoffSecondsMin: 1, backoffSecondsMax: 2 });
      return { topic: await openPubSubTopic(settings), pass: ms => sleep(ms) };
    },
  });
});
