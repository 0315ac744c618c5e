import { backoffMs } from '../base/backoff.ts';
import { messageOf } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { sleep } from '../base/sleep.ts';
import type { Delivery, Subscription } from '../records/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import { keepLease, type Lease } from './lease.ts';

/** Pulling that can be ended. */
export type Pulling = {
  /**
   * Pulls no more, and gives what is being stored `graceMs` to end. What was held, and what takes longer, is let go: it is
   * not acked afterwards, and comes again.
   */
  stop(): Promise<void>;
};

/** What a puller may be told; times in milliseconds. */
export type PullSettings = {
  messagesMax?: number;
  pullsMax?: number;
  batchesMax?: number;
  unackedBytesMax?: number;
  waitMs?: number;
  retryMsMin?: number;
  retryMsMax?: number;
  leaseMsMax?: number;
  graceMs?: number;
  random?: () => number;
};

/**
 * Pulls batches, several at a time, and acks each when `handle` has resolved, never before. A batch whose `handle` rejects is
 * held: its lease is kept, it is tried again with a growing wait, and nothing more is pulled until it is stored or let go. It
 * is never nacked, for that would use up its attempts.
 */
export function startPulling({
  subscription,
  handle,
  log,
  messagesMax = limits.pull_messages_max,
  pullsMax = limits.pulls_max,
  batchesMax = limits.pull_batches_max,
  unackedBytesMax = limits.pull_unacked_bytes_max,
  waitMs = 10_000,
  retryMsMin = limits.pull_retry_ms_min,
  retryMsMax = limits.pull_retry_ms_max,
  leaseMsMax = limits.lease_ms_max,
  graceMs = 10_000,
  random = Math.random,
}: {
  subscription: Subscription;
  handle: (deliveries: readonly Delivery[]) => Promise<void>;
  log: Pick<Logger, 'warn' | 'info'>;
} & PullSettings): Pulling {
  const about = { subscription: subscription.name };
  const stopping = new AbortController();
  const batches = new Set<Promise<void>>();
  const leases = new Set<Lease>();
  const held = new Set<Lease>();
  let unackedBytes = 0;

  const isFull = () => batches.size >= batchesMax || held.size > 0 || unackedBytes >= unackedBytesMax;
  const pause = (failures: number, signal: AbortSignal) =>
    sleep(backoffMs(failures, { msMin: retryMsMin, msMax: retryMsMax, random }), signal);

  async function pullAll(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        const deliveries = await subscription.pull({ messagesMax, waitMs, signal: stopping.signal });
        failures = 0;
        if (deliveries.length > 0) start(deliveries);
      } catch (error) {
        failures += 1;
        log.warn({ ...about, err: error, failures }, `A pull failed: ${messageOf(error)}`);
        await pause(failures, stopping.signal);
      }
      while (isFull()) await Promise.race(batches);
    }
  }

  function start(deliveries: readonly Delivery[]): void {
    const bytes = deliveries.reduce((sum, { data }) => sum + data.length, 0);
    const ackIds = deliveries.map(({ ackId }) => ackId);
    const lease = keepLease({ subscription, ackIds, leaseMsMax, log });
    const batch = run(deliveries, lease).finally(() => {
      lease.release();
      for (const set of [leases, held]) set.delete(lease);
      batches.delete(batch);
      unackedBytes -= bytes;
    });
    leases.add(lease);
    batches.add(batch);
    unackedBytes += bytes;
  }

  async function run(deliveries: readonly Delivery[], lease: Lease): Promise<void> {
    for (let failures = 0; !lease.ended.aborted; ) {
      try {
        await handle(deliveries);
        if (failures > 0) log.info({ ...about, failures }, `${deliveries.length} held messages are stored`);
        break;
      } catch (error) {
        failures += 1;
        held.add(lease);
        log.warn({ ...about, err: error, failures }, `${deliveries.length} messages are held: ${messageOf(error)}`);
        if (stopping.signal.aborted) lease.letGo();
        await pause(failures, lease.ended);
      }
    }
    if (!lease.ended.aborted) await ack(lease);
  }

  async function ack({ ackIds }: Lease): Promise<void> {
    try {
      await subscription.ack(ackIds);
    } catch (error) {
      const message = `${ackIds.length} messages are stored but not acked, and come again: ${messageOf(error)}`;
      log.warn({ ...about, err: error }, message);
    }
  }

  // The next answer is on its way while one is decoded.
  const pulling = Promise.all(Array.from({ length: pullsMax }, pullAll));

  async function stop(): Promise<void> {
    stopping.abort();
    for (const lease of held) lease.letGo();
    const graceEnded = new AbortController();
    const ended = pulling.then(() => Promise.all(batches)).then(() => graceEnded.abort());
    await Promise.race([ended, sleep(graceMs, graceEnded.signal)]);
    for (const lease of leases) lease.letGo();
  }

  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
