import type { Clock } from '../base/clock.ts';
import { describeProblems, type Problem } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import { type Micros, nowMicros } from '../base/time.ts';
import type { DeadLetters, Replay, StoredDeadLetter } from '../records/dead-letters.ts';
import { checkRecordBytes, parseRecord } from '../records/record.ts';
import type { WriteClock } from '../records/version.ts';
import type { RecordEvent, Warehouse } from '../records/warehouse.ts';
import { injectTrace } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { createAppend } from './append.ts';
import { decodeMessage } from './decode.ts';
import { ingestErrors } from './errors.ts';
import { orNotStored } from './or-not-stored.ts';

/**
 * Makes the way back of a dead letter. Unchanged, it keeps its bytes, publish time and message id, so that it never overwrites
 * what is newer, and may be replayed any number of times. A corrected record is a new write, the newest version of its id.
 * Throws `dead_letter_unknown`, `dead_letter_still_refused`, and `not_stored` or `store_silent`, after which it may be tried again.
 */
export function createReplay(options: {
  deadLetters: DeadLetters;
  warehouse: Warehouse;
  writeClock: WriteClock;
  clock: Clock;
  newId: NewId;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
}): Replay {
  const { deadLetters, clock, telemetry } = options;
  const append = createAppend(options);
  const { replayed } = telemetry.instruments;

  function refuse(id: string, problems: readonly Problem[]): never {
    replayed.add(1, { outcome: 'refused' });
    const detail = `Dead letter ${id} is still refused: ${describeProblems(problems)}`;
    throw ingestErrors.error('dead_letter_still_refused', detail, { problems });
  }

  return async (id, corrected) => {
    const letter = await orNotStored(() => deadLetters.get(id));
    if (!letter) throw ingestErrors.error('dead_letter_unknown', `There is no dead letter ${JSON.stringify(id)}`);
    const now = nowMicros(clock);
    const tried =
      corrected === undefined ? readUnchanged(letter, now) : await readCorrected(letter, corrected, now, options);
    if ('problems' in tried) return refuse(id, tried.problems);
    const [rowError] = await orNotStored(() => append([{ ...tried.event, ...activeTraceparent() }]));
    if (rowError) return refuse(id, [{ field: 'record', rule: `was refused by the warehouse: ${rowError.reason}` }]);
    await orNotStored(() => deadLetters.markReplayed(id, { at: now, recordId: tried.event.record.id }));
    replayed.add(1, { outcome: 'stored' });
    return { outcome: 'stored', id };
  };
}

function readUnchanged(
  letter: StoredDeadLetter,
  now: Micros,
): { event: RecordEvent } | { problems: readonly Problem[] } {
  if (letter.reason === 'no_data' || letter.reason === 'not_base64') {
    const rule =
      'is missing from its push envelope, which is all there is: replay it with the corrected record as the body';
    return { problems: [{ field: 'data', rule }] };
  }
  return decodeMessage(letter, { now });
}

async function readCorrected(
  { publishedAt }: StoredDeadLetter,
  corrected: unknown,
  now: Micros,
  { writeClock, newId }: { writeClock: WriteClock; newId: NewId },
): Promise<{ event: RecordEvent } | { problems: readonly Problem[] }> {
  const parsed = parseRecord(corrected, { publishedAt, now });
  if (!parsed.ok) return parsed;
  const { record } = parsed;
  const tooLarge = checkRecordBytes(Buffer.byteLength(JSON.stringify(record)));
  if (tooLarge) return { problems: [tooLarge] };
  const orderedAt = await orNotStored(() => writeClock(record.id));
  const version = { orderedAt, messageId: `replay-${newId()}` };
  return { event: { record, version, source: 'api' } };
}

function activeTraceparent(): { traceparent?: string } {
  const { traceparent } = injectTrace({});
  return traceparent === undefined ? {} : { traceparent };
}
