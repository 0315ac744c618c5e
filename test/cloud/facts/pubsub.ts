import { limits } from '../../../base/limits.ts';
import { compared, type Fact, notSettled } from '../fact.ts';
import { bodyOf } from '../google.ts';
import type { World } from '../world.ts';
import { startContainer } from './container.ts';

const ACKS = [200, 201, 202, 204];
const REFUSES = 503;
const AGAIN_MS = 45_000;

/** What Pub/Sub takes and how it pushes. */
export const pubSubFacts: readonly Fact[] = [
  {
    id: 'pubsub-message-size',
    question: 'How large may a message be?',
    believed: `${limits.message_bytes_max.toLocaleString('en')} bytes of data are taken`,
    dependsOn: ['base/limits.ts', 'ingest/publish-request.ts'],
    does: 'Publishes a message of that size to a topic of its own.',
    setting: '`message_bytes_max` in `base/limits.ts`, and the body limits beside it',
    async settle(world) {
      const topic = await makeTopic(world, 'size');
      const data = Buffer.alloc(limits.message_bytes_max).toString('base64');
      const { taken, said } = await publish(world, topic, data);
      return compared(taken, said);
    },
  },
  {
    id: 'push-ack-codes',
    question: 'Which answers to a push acknowledge the message?',
    believed: `${ACKS.join(', ')} do, ${REFUSES} does not; ours answers 204 and ${REFUSES}`,
    dependsOn: ['ingest/push.ts'],
    does: 'Starts a small public service that answers each push as its path says, and counts how often a message comes.',
    setting: '`ctx.status` in `ingest/push.ts`',
    async settle(world) {
      const uri = await startContainer(world, 'push');
      const topic = await makeTopic(world, 'push');
      const codes = [...ACKS, REFUSES];
      await Promise.all(codes.map(code => subscribe(world, topic, { code, pushEndpoint: `${uri}/push/${code}` })));
      const published = await publish(world, topic, Buffer.from('?').toString('base64'));
      if (!published.taken) return notSettled(`The message was ${published.said}`);
      type Counts = { pushes: Readonly<Record<string, number>> };
      const read = async () => ((await (await fetch(`${uri}/pushes`)).json()) as Counts).pushes;
      const isRepeated = await world.poll(async () => {
        const pushes = await read();
        return codes.every(code => pushes[code]) && (pushes[REFUSES] ?? 0) > 1 ? true : undefined;
      });
      if (!isRepeated) return notSettled(`The pushes that came in the time: ${JSON.stringify(await read())}`);
      await world.sleep(AGAIN_MS);
      const pushes = await read();
      const said = codes.map(code => `${code}: ${pushes[code]} times`);
      return compared(
        ACKS.every(code => pushes[code] === 1),
        said.join(', '),
      );
    },
  },
];

async function makeTopic(world: World, what: string): Promise<string> {
  const topic = `projects/${world.project}/topics/${world.run}-${what}`;
  bodyOf(await world.make('PUT', 'pubsub', `/v1/${topic}`, { labels: world.labels }));
  return topic;
}

function publish({ google }: World, topic: string, data: string) {
  return google.ask('POST', 'pubsub', `/v1/${topic}:publish`, { messages: [{ data }] });
}

async function subscribe(world: World, topic: string, push: { code: number; pushEndpoint: string }): Promise<void> {
  const path = `/v1/projects/${world.project}/subscriptions/${world.run}-${push.code}`;
  const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '10s' };
  const pushConfig = { pushEndpoint: push.pushEndpoint };
  const body = { topic, pushConfig, retryPolicy, ackDeadlineSeconds: 10, labels: world.labels };
  bodyOf(await world.make('PUT', 'pubsub', path, body));
}
