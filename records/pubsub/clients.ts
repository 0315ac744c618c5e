import { PubSub, v1 } from '@google-cloud/pubsub';

export type PubSubClients = { publisher: v1.PublisherClient; subscriber: v1.SubscriberClient; close(): Promise<void> };

/** The clients of Pub/Sub's API, or of its emulator where `PUBSUB_EMULATOR_HOST` names one. */
export async function openPubSubClients(projectId: string): Promise<PubSubClients> {
  // Nothing of Google's is asked on the emulator, and looking for its metadata server takes seconds and warns.
  if (process.env.PUBSUB_EMULATOR_HOST) process.env.METADATA_SERVER_DETECTION ??= 'none';
  // The library reads the emulator's address only here.
  const config = (await new PubSub({ projectId }).getClientConfig()) as ConstructorParameters<
    typeof v1.PublisherClient
  >[0];
  const publisher = new v1.PublisherClient(config);
  const subscriber = new v1.SubscriberClient(config);
  return {
    publisher,
    subscriber,
    async close() {
      await Promise.all([publisher.close(), subscriber.close()]);
    },
  };
}
