import type { Clock } from '../base/clock.ts';
import { BurnlineError, describeProblems, messageOf } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { type Micros, nowMicros } from '../base/time.ts';
import { within } from '../base/within.ts';
import { recordErrors } from '../records/errors.ts';
import { checkRecordBytes, type DataRecord, parseRecord } from '../records/record.ts';
import type { Version, WriteClock } from '../records/version.ts';
import type { RecordEvent, RowError, Warehouse } from '../records/warehouse.ts';
import { injectTrace, traceAppend } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { appErrors } from './errors.ts';

/** Stores a JSON value as the newest version of its record; durable when it resolves. */
export type Write = (json: unknown) => Promise<{ record: DataRecord; version: Version }>;

/**
 * Makes the one way by which the API writes. Throws `record_invalid`, `record_too_large`, `row_refused`, and, where it is not
 * known whether the record was stored, `warehouse_unavailable` or `warehouse_silent`.
 */
export function createWriter(options: {
  warehouse: Warehouse;
  writeClock: WriteClock;
  clock: Clock;
  newId: NewId;
  telemetry?: Pick<Telemetry, 'tracer' | 'instruments'>;
  answerMsMax?: number;
}): Write {
  const { warehouse, writeClock, clock, newId, telemetry, answerMsMax = limits.append_answer_ms_max } = options;

  const answered = <T>(asking: () => Promise<T>) => within(answerMsMax, asking, () => silentWarehouse(answerMsMax));

  function append(event: RecordEvent): Promise<RowError[]> {
    const appending = () => answered(() => warehouse.append([event]));
    return telemetry
      ? traceAppend({ tracer: telemetry.tracer, system: warehouse.system, rowCount: 1 }, appending)
      : appending();
  }

  return async json => {
    const now = nowMicros(clock);
    const record = toRecord(json, now);
    const { traceparent } = injectTrace({});
    try {
      const version = { orderedAt: await answered(() => writeClock(record.id)), messageId: `api-${newId()}` };
      const event = { record, version, source: 'api' as const, ...(traceparent !== undefined && { traceparent }) };
      const [refused] = await append(event);
      if (refused) throw appErrors.error('row_refused', `The warehouse refused the record: ${refused.reason}`);
      telemetry?.instruments.writes.add(1, { outcome: 'stored' });
      return { record, version };
    } catch (error) {
      telemetry?.instruments.writes.add(1, { outcome: 'failed' });
      throw toOutcome(error);
    }
  };
}

function toRecord(json: unknown, now: Micros): DataRecord {
  const parsed = parseRecord(json, { publishedAt: now, now });
  if (!parsed.ok) {
    const { problems } = parsed;
    throw recordErrors.error('record_invalid', describeProblems(problems), { problems });
  }
  const tooLarge = checkRecordBytes(Buffer.byteLength(JSON.stringify(parsed.record)));
  if (tooLarge) {
    throw appErrors.error('record_too_large', describeProblems([tooLarge]), { problems: [tooLarge] });
  }
  return parsed.record;
}

function silentWarehouse(ms: number): BurnlineError {
  const detail = `The warehouse has not answered for ${ms / 1000} s, and whether the record is stored is unknown: send it again`;
  return appErrors.error('warehouse_silent', detail);
}

function toOutcome(error: unknown): BurnlineError {
  if (error instanceof BurnlineError && error.code in appErrors.rows) return error;
  const reason = error instanceof BurnlineError ? ` (${messageOf(error)})` : '';
  const detail = `The warehouse did not take the record${reason}: send it again`;
  return appErrors.error('warehouse_unavailable', detail, { cause: error });
}
