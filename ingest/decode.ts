import { describeProblems, type Problem } from '../base/errors.ts';
import { isJsonObject, isRawJson, jsonDepth, parseJson } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import type { Micros } from '../base/time.ts';
import type { DeadLetter, DeadLetterReason } from '../records/dead-letters.ts';
import { checkRecordBytes, parseRecord, recordSchema, tooDeep } from '../records/record.ts';
import type { PublishedMessage } from '../records/topic.ts';
import type { RecordEvent } from '../records/warehouse.ts';

/** What a message is: the event to append, or the dead letter to keep. */
export type Decoded = { event: RecordEvent } | { deadLetter: DeadLetter; problems: readonly Problem[] };

const utf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder();

/**
 * Reads a message's bytes as a record. Never throws: whatever the bytes are, they end as an event or as a dead letter.
 *
 * @param options.traceparent the trace context under which the event is stored
 */
export function decodeMessage(
  message: PublishedMessage,
  { now, traceparent }: { now: Micros; traceparent?: string | undefined },
): Decoded {
  const refuse = (reason: DeadLetterReason, problems: readonly Problem[], recordId?: string): Decoded => {
    const detail = describeProblems(problems);
    return { deadLetter: toDeadLetter(message, { reason, detail, refusedAt: now, recordId }), problems };
  };

  const { data } = message;
  if (data.length > limits.record_body_bytes_max) return refuse('too_large', [bodyTooLarge(data)], findRecordId(data));
  let json: unknown;
  try {
    json = parseJson(utf8.decode(data));
  } catch (error) {
    if (error instanceof RangeError) return refuse('invalid_record', [tooDeep]);
    if (error instanceof SyntaxError) return refuse('not_json', [notJson(data, error)]);
    return refuse('not_utf8', [{ field: 'record', rule: 'must be UTF-8' }], findRecordId(data));
  }
  // parseRecord shows a value that is no object, and nothing prints JSON that goes that deep; of an object it looks itself.
  if (!isJsonObject(json) && jsonDepth(json, limits.json_depth_max) > limits.json_depth_max) {
    return refuse('invalid_record', [tooDeep]);
  }
  const parsed = parseRecord(json, { publishedAt: message.publishedAt, now });
  if (!parsed.ok) return refuse('invalid_record', parsed.problems, recordIdOf(json));
  const tooLarge = checkRecordBytes(Buffer.byteLength(JSON.stringify(parsed.record)));
  if (tooLarge) return refuse('too_large', [tooLarge], parsed.record.id);
  const version = { orderedAt: message.publishedAt, messageId: message.messageId };
  return {
    event: { record: parsed.record, version, source: 'topic', ...(traceparent !== undefined && { traceparent }) },
  };
}

function bodyTooLarge({ length }: Uint8Array): Problem {
  const rule = `must come in at most ${limits.record_body_bytes_max} bytes`;
  return { field: 'record', value: `${length} bytes`, rule };
}

function notJson(data: Uint8Array, { message }: SyntaxError): Problem {
  return { field: 'record', rule: data.length === 0 ? 'must be JSON, not empty' : `must be JSON (${message})` };
}

/** The dead letter of a message that was refused. */
export function toDeadLetter(
  { messageId, data, attributes, publishedAt }: PublishedMessage,
  refusal: { reason: DeadLetterReason; detail: string; refusedAt: Micros; recordId?: string | undefined },
): DeadLetter {
  const { reason, detail, refusedAt, recordId } = refusal;
  return {
    ...{ messageId, reason, data, attributes, publishedAt, refusedAt },
    // A cut may part a surrogate pair.
    detail: detail.slice(0, limits.dead_letter_detail_chars_max).toWellFormed(),
    ...(recordId !== undefined && { recordId }),
  };
}

/** The id inside a JSON value, where it has one that a record may have; a number, which none may, as its digits. */
export function recordIdOf(json: unknown): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const isNumber = typeof json.id === 'number' || isRawJson(json.id);
  const id = recordSchema.shape.id.safeParse(isNumber ? JSON.stringify(json.id) : json.id);
  return id.success ? id.data : undefined;
}

/** The id inside bytes that are JSON but for some letters, so that erasing the id finds them. */
export function findRecordId(data: Uint8Array): string | undefined {
  try {
    const id = recordIdOf(parseJson(lenientUtf8.decode(data)));
    return id?.includes('\u{FFFD}') ? undefined : id;
  } catch {
    return undefined;
  }
}
