import { type FakeApi, type FakeState, ok, refused } from './api.ts';

const MESSAGE_BYTES_MAX = 10_000_000;
const DELIVERIES_MAX = 4;

type Subscription = { topic: string; pushConfig: { pushEndpoint: string } };

/** Pub/Sub, which pushes a message a few times unless it is acknowledged. */
export function createFakePubSub({ isOtherwise, made }: FakeState): FakeApi {
  const acks = [200, 201, 204, ...(isOtherwise('push-ack-codes') ? [] : [202])];

  /** Round by round, so that whoever is the last in one has been reached after all others. */
  async function push(endpoints: readonly string[], data: string): Promise<void> {
    let open = endpoints;
    for (let delivery = 1; delivery <= DELIVERIES_MAX; delivery += 1) {
      const refusing: string[] = [];
      for (const endpoint of open) {
        const { status } = await fetch(endpoint, { method: 'POST', body: JSON.stringify({ message: { data } }) });
        if (!acks.includes(status)) refusing.push(endpoint);
      }
      open = refusing;
    }
  }

  return ({ method, path, body }) => {
    if (method === 'PUT') {
      made.set(`pubsub${path}`, body);
      return ok(body);
    }
    const [{ data }] = body.messages;
    const bytesMax = isOtherwise('pubsub-message-size') ? MESSAGE_BYTES_MAX - 1 : MESSAGE_BYTES_MAX;
    if (Buffer.byteLength(data, 'base64') > bytesMax) return refused('the message is too large');
    const topic = path.slice('/v1/'.length).replace(':publish', '');
    const subscriptions = [...made]
      .filter(([at]) => at.includes('/subscriptions/'))
      .map(([, each]) => each as Subscription);
    const pushed = subscriptions.filter(each => each.topic === topic).map(({ pushConfig }) => pushConfig.pushEndpoint);
    // The test may be over before.
    push(pushed.sort(), data).catch(() => {});
    return ok({ messageIds: ['1'] });
  };
}
