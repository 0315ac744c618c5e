import { messageOf } from '../base/errors.ts';
import { sleep } from '../base/sleep.ts';
import type { Subscription } from '../records/topic.ts';
import type { Logger } from '../telemetry/log.ts';

/** Messages on lease to us. */
export type Lease = {
  readonly ackIds: readonly string[];
  /** Aborts when the messages are another's to have: they must neither be acked nor tried again. */
  readonly ended: AbortSignal;
  /** Ends it before its time. */
  letGo(): void;
  /** Extends it no more, for the messages are done with. */
  release(): void;
};

/** Keeps a lease by extending it each time half an ack deadline has passed; it ends after `leaseMsMax` milliseconds. */
export function keepLease({
  subscription,
  ackIds,
  leaseMsMax,
  log,
}: {
  subscription: Subscription;
  ackIds: readonly string[];
  leaseMsMax: number;
  log: Pick<Logger, 'warn'>;
}): Lease {
  const { name, ackDeadlineSeconds } = subscription;
  const ended = new AbortController();
  const released = new AbortController();

  function release(): void {
    clearTimeout(timer);
    released.abort();
  }

  function letGo(): void {
    release();
    ended.abort();
  }

  async function extendUntilReleased(): Promise<void> {
    for (;;) {
      await sleep(ackDeadlineSeconds * 500, released.signal);
      if (released.signal.aborted) return;
      try {
        await subscription.extend(ackIds, ackDeadlineSeconds);
      } catch (error) {
        const message = `The lease of ${ackIds.length} messages was not extended: ${messageOf(error)}`;
        log.warn({ err: error, subscription: name }, message);
      }
    }
  }

  const timer = setTimeout(() => {
    log.warn({ subscription: name }, `${ackIds.length} messages are let go after ${leaseMsMax / 1000} s on lease`);
    letGo();
  }, leaseMsMax);
  void extendUntilReleased();
  return { ackIds, ended: ended.signal, letGo, release };
}
