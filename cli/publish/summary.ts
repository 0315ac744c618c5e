import type { PoisonKind } from '../../records/generate.ts';
import type { Outgoing } from './source.ts';

/** What `burnline publish` did. */
export type PublishSummary = {
  url: string;
  published: number;
  /** Of the messages' data, in bytes. */
  bytes: number;
  seconds: number;
  messagesPerSecond: number;
  /** How many of the published were spoilt, by kind. */
  poison: Partial<Record<PoisonKind, number>>;
  /** With which the same messages come again; none for a file. */
  seed?: number;
};

/** Counts what was accepted, from now on. */
export function createTally(): {
  add(batch: readonly Outgoing[]): { bytes: number };
  summary(): Omit<PublishSummary, 'url' | 'seed'>;
} {
  const startMs = performance.now();
  const poison: PublishSummary['poison'] = {};
  let published = 0;
  let bytes = 0;
  return {
    add(batch) {
      const batchBytes = batch.reduce((sum, { data }) => sum + data.length, 0);
      for (const { poison: kind } of batch) if (kind) poison[kind] = (poison[kind] ?? 0) + 1;
      published += batch.length;
      bytes += batchBytes;
      return { bytes: batchBytes };
    },
    summary() {
      const seconds = (performance.now() - startMs) / 1000;
      const messagesPerSecond = Math.round(published / seconds);
      return { published, bytes, seconds: Math.round(seconds * 1000) / 1000, messagesPerSecond, poison };
    },
  };
}

/** The summary for people. */
export function describeSummary(summary: PublishSummary): string {
  const { published, bytes, seconds, messagesPerSecond, poison, seed } = summary;
  const size = `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(bytes / 1000)} kB`;
  const kinds = Object.entries(poison);
  const spoilt = kinds.reduce((sum, [, count]) => sum + count, 0);
  return [
    `Published ${show(published)} messages (${size}) in ${seconds} s: ${show(messagesPerSecond)} a second`,
    ...(spoilt > 0
      ? [`Poison    ${show(spoilt)}: ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}`]
      : []),
    ...(seed === undefined ? [] : [`Seed      ${seed}`]),
  ].join('\n');
}

function show(count: number): string {
  return count.toLocaleString('en');
}
