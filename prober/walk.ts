import { messageOf } from '../base/errors.ts';
import { sleep } from '../base/sleep.ts';
import { nowMicros } from '../base/time.ts';
import type { Publisher } from '../records/topic.ts';
import type { ProbedApi, Served } from './api.ts';
import { compareListing, compareRound } from './compare.ts';
import { compare, type Difference, describeDifference } from './differences.ts';
import { makePoison, makeProbes } from './records.ts';
import type { Table } from './table.ts';
import { until, type Waiting } from './until.ts';

/** What came of one walk along the path. `readableSeconds` is from publish until all was served, or as long as was waited. */
export type Walked = { readableSeconds: number } & (
  | { outcome: 'ok' }
  | { outcome: 'late'; detail: string }
  | { outcome: 'wrong'; differences: readonly Difference[] }
);

/** The two ends of the path, and a look at what lies between. */
export type Path = { publisher: Publisher; table: Table; api: ProbedApi };

/** Walks the whole path with records of its own. */
export type Walk = {
  /** Publishes the next version of each record, waits until the API serves it, and compares message, table and API whole. */
  round(signal: AbortSignal): Promise<Walked>;
  /** Publishes a message that cannot become a record, and waits until it is a dead letter with its bytes. */
  poison(signal: AbortSignal): Promise<Walked>;
  /** Erases all that was published, and says what is left and why. */
  erase(signal: AbortSignal): Promise<{ id: string; reason: string }[]>;
};

/**
 * Makes a walk. What keeps it from an answer, such as an API that is not there, is thrown.
 *
 * @param options.prefix of every id: nobody else's, ending in a hyphen
 * @param options.deadlineMs from publish to readable; later is `late`
 * @param options.graceMs how long the API may still take where the table is found to hold what it does not serve: then `wrong`
 */
export function createWalk(
  options: Path & Omit<Waiting, 'wait'> & Partial<Waiting> & { prefix: string; deadlineMs: number; graceMs: number },
): Walk {
  const { publisher, table, api, prefix, clock, random, wait = sleep, deadlineMs, graceMs } = options;
  const waiting = { clock, random, wait };
  const limitSeconds = deadlineMs / 1000;
  const published = new Set<string>();
  let rounds = 0;

  function publish(messages: readonly { id: string; text: string }[]): Promise<string[]> {
    for (const { id } of messages) published.add(id);
    return publisher.publish(messages.map(({ text }) => ({ data: Buffer.from(text), attributes: {} })));
  }

  function startWatch(): () => number {
    const startMs = clock.now();
    return () => (clock.now() - startMs) / 1000;
  }

  return {
    async round(signal) {
      rounds += 1;
      const probes = makeProbes({ prefix, round: rounds, now: nowMicros(clock) });
      const seconds = startWatch();
      const messageIds = await publish(probes);
      const sent = new Map(probes.map(({ id }, index) => [id, messageIds[index]]));
      const served = new Map<string, Served>();
      let missing = probes.map(({ id }) => id);

      /** Asks for each, and gives back those that are not served as they were published last. */
      async function look(ids: readonly string[]): Promise<string[]> {
        const not: string[] = [];
        for (const id of ids) {
          const seen = await api.get(id, signal);
          if (seen) served.set(id, seen);
          if (seen?.version?.messageId !== sent.get(id)) not.push(id);
        }
        return not;
      }
      async function areServed(): Promise<true | undefined> {
        // One stands for all while it is not there, so that a wait is few requests.
        if ((await look(missing.slice(0, 1))).length > 0) return undefined;
        missing = await look(missing.slice(1));
        return missing.length === 0 || undefined;
      }

      const inTime = await until(areServed, { ...waiting, signal, ms: deadlineMs });
      const readableSeconds = seconds();
      const late = (detail: string) => ({ outcome: 'late', readableSeconds, detail }) as const;
      const stored = await table.newest(prefix);
      if (!inTime) {
        const unstored = missing.filter(id => stored.get(id)?.version.messageId !== sent.get(id));
        if (unstored.length > 0) return late(`not in the table within ${limitSeconds} s: ${unstored.join(', ')}`);
        await until(areServed, { ...waiting, signal, ms: graceMs });
        await look(missing);
      }
      const servedSeconds = seconds();
      const differences = compareRound(probes, stored, served);
      if (inTime) differences.push(...compareListing(stored, await api.list(prefix, signal)));
      if (differences.length > 0) return { outcome: 'wrong', readableSeconds, differences };
      if (inTime) return { outcome: 'ok', readableSeconds };
      return late(`served by the API after ${servedSeconds.toFixed(1)} s, and ${limitSeconds} s are allowed`);
    },

    async poison(signal) {
      const { id, text } = makePoison(prefix);
      const seconds = startWatch();
      const [messageId] = await publish([{ id, text }]);
      let cursor: string | undefined;
      const letter = await until(
        async () => {
          for (;;) {
            const { items, next } = await api.deadLetters(cursor, signal);
            const found = items.find(item => item.messageId === messageId);
            if (found || next === undefined) return found;
            cursor = next;
          }
        },
        { ...waiting, signal, ms: deadlineMs },
      );
      const readableSeconds = seconds();
      if (!letter)
        return { outcome: 'late', readableSeconds, detail: `no dead letter within ${limitSeconds} s: ${id}` };
      const bytes = Buffer.from(text).toString('base64');
      const differences = compare(id, 'data', ['the message', bytes], ['the dead letter', letter.data]);
      if (differences.length > 0) return { outcome: 'wrong', readableSeconds, differences };
      return { outcome: 'ok', readableSeconds };
    },

    async erase(signal) {
      const erasing = [...published].map(async id => {
        try {
          await api.erase(id, signal);
          published.delete(id);
          return [];
        } catch (error) {
          return [{ id, reason: messageOf(error) }];
        }
      });
      return (await Promise.all(erasing)).flat();
    },
  };
}

/** What came of a walk, in sentences; none where it is as it should be. */
export function describeWalked(walked: Walked): string[] {
  if (walked.outcome === 'late') return [walked.detail];
  return walked.outcome === 'wrong' ? walked.differences.map(describeDifference) : [];
}
