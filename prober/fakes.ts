import { createManualClock } from '../base/clock.ts';
import { parseJson } from '../base/json.ts';
import { nowMicros } from '../base/time.ts';
import { type DataRecord, parseRecord } from '../records/record.ts';
import { compareVersions, type Version } from '../records/version.ts';
import type { ProbedApi } from './api.ts';
import type { Fields } from './differences.ts';
import type { Path } from './walk.ts';

type Event = { record: DataRecord; version: Version; storedAtMs: number };

/** A path in memory whose time is the clock's: what is published is in the table, and then at the API, after so long. */
export function createFakePath(delays: { storeMs?: number; serveMs?: number } = {}) {
  const { storeMs = 0, serveMs = 0 } = delays;
  const clock = createManualClock(Date.parse('2026-01-02T03:04:05.678Z'));
  const events: Event[] = [];
  const letters: Fields[] = [];
  const asked: string[] = [];
  let messages = 0;

  function newest(ageMs: number): Map<string, { record: DataRecord; version: Version }> {
    const found = new Map<string, Event>();
    for (const event of events.filter(({ storedAtMs }) => storedAtMs + ageMs <= clock.now())) {
      const known = found.get(event.record.id);
      if (!known || compareVersions(event.version, known.version) > 0) found.set(event.record.id, event);
    }
    const sorted = [...found].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return new Map(sorted.map(([id, { record, version }]) => [id, { record, version }]));
  }

  const api: ProbedApi = {
    async get(id) {
      asked.push(id);
      return newest(serveMs).get(id);
    },
    async list(prefix) {
      return [...newest(serveMs)].flatMap(([id, { record }]) => (id > prefix && id.startsWith(prefix) ? [record] : []));
    },
    async deadLetters() {
      return { items: letters, next: undefined };
    },
    async erase(id) {
      for (let index = events.length - 1; index >= 0; index -= 1) {
        if (events[index]?.record.id === id) events.splice(index, 1);
      }
    },
  };
  const path: Path = {
    api,
    table: {
      newest: async prefix => new Map([...newest(0)].filter(([id]) => id.startsWith(prefix))),
      close() {},
    },
    publisher: {
      async publish(published) {
        return published.map(({ data }) => {
          messages += 1;
          const [messageId, now] = [String(messages), nowMicros(clock)];
          const parsed = parseRecord(parseJson(Buffer.from(data).toString()), { publishedAt: now, now });
          const version = { orderedAt: now, messageId };
          if (parsed.ok) events.push({ record: parsed.record, version, storedAtMs: clock.now() + storeMs });
          else letters.push({ messageId, data: Buffer.from(data).toString('base64') });
          return messageId;
        });
      },
    },
  };
  return { ...path, clock, asked, random: () => 1, wait: async (ms: number) => clock.advance(ms) };
}
