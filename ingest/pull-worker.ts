import type { Subscription } from '../records/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import { type Pulling, type PullSettings, startPulling } from './pull.ts';
import type { Receiver } from './receive.ts';

/** Pulls a subscription into the receiver: a message is acked once it is durable as a record or a dead letter. */
export function startPullWorker({
  receiver,
  ...options
}: {
  subscription: Subscription;
  receiver: Pick<Receiver, 'receive'>;
  log: Pick<Logger, 'warn' | 'info'>;
} & PullSettings): Pulling {
  return startPulling({ ...options, handle: deliveries => receiver.receive(deliveries, 'pull') });
}
