import { systemClock } from '../base/clock.ts';
import { generateRecords } from '../records/generate.ts';
import { parseRecord } from '../records/record.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';

const BATCH_RECORDS = 5000;
/** Making a million with faker takes minutes: these are repeated under other ids. */
const TEMPLATES = 2000;

/** The id of the n-th record, in the order in which pages show them. */
export const idOf = (n: number): string => `record-${String(n).padStart(9, '0')}`;

/** Fills a warehouse file with `count` records of all the producers' shapes. */
export async function seedRecords(options: {
  path: string;
  count: number;
  onProgress(done: number): void;
}): Promise<void> {
  const { warehouse } = openWarehouseFile({ path: options.path, clock: systemClock });
  const now = systemClock.now() * 1000;
  const templates = generateRecords({ seed: 1, now: systemClock.now() })
    .take(TEMPLATES)
    .map(({ text }) => parseRecord(JSON.parse(text), { publishedAt: now, now }))
    .flatMap(parsed => (parsed.ok ? [parsed.record] : []))
    .toArray();
  for (let from = 0; from < options.count; from += BATCH_RECORDS) {
    const events = Array.from({ length: Math.min(BATCH_RECORDS, options.count - from) }, (_, index) => {
      const n = from + index;
      const record = { ...(templates[n % templates.length] as (typeof templates)[number]), id: idOf(n) };
      return { record, version: { orderedAt: now, messageId: String(n) }, source: 'topic' as const };
    });
    await warehouse.append(events);
    options.onProgress(from + events.length);
  }
  await warehouse.close();
}
