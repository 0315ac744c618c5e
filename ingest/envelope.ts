import { createHash } from 'node:crypto';
import { showValue } from '../base/errors.ts';
import { isJsonObject, parseJson } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import { type Micros, parseRfc3339 } from '../base/time.ts';
import type { DeadLetter } from '../records/dead-letters.ts';
import type { PublishedMessage } from '../records/topic.ts';
import { decodeBase64 } from './base64.ts';
import { recordIdOf, toDeadLetter } from './decode.ts';
import { ingestErrors } from './errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the body of a Pub/Sub push. Where the message has no data that can be decoded it is a dead letter, whose bytes are the
 * whole body: sending it again cannot help. Throws `push_message_missing` where there is no message at all.
 *
 * What else a message lacks is filled in: its id by a hash of the message, so that a redelivery is the same message; its
 * publish time by `receivedAt`; attributes that are no strings by their JSON.
 */
export function readEnvelope(
  { json, bytes }: { json: unknown; bytes: Uint8Array },
  receivedAt: Micros,
): { message: PublishedMessage } | { deadLetter: DeadLetter } {
  const fields = messageOfEnvelope(json);
  const { data, orderingKey } = fields;
  const message = {
    messageId: readMessageId(fields),
    publishedAt: readPublishTime(fields, receivedAt),
    attributes: readAttributes(fields.attributes),
    ...(typeof orderingKey === 'string' && { orderingKey }),
  };
  const decoded = typeof data === 'string' ? decodeBase64(data) : undefined;
  if (decoded) return { message: { ...message, data: decoded } };
  const missing = data === undefined || data === null;
  const refusal = {
    reason: missing ? ('no_data' as const) : ('not_base64' as const),
    detail: missing ? 'message.data is required' : `message.data must be a base64 string, not ${showValue(data)}`,
    refusedAt: receivedAt,
    recordId: recordIdIn(data),
  };
  return { deadLetter: toDeadLetter({ ...message, data: bytes }, refusal) };
}

function messageOfEnvelope(json: unknown): Fields {
  const message = isJsonObject(json) ? json.message : undefined;
  if (isJsonObject(message)) return message;
  const [field, value] = isJsonObject(json) ? ['message', message] : ['body', json];
  const rule = `must be ${field === 'body' ? 'a push envelope: {"message": {"data": "…"}}' : 'an object with data'}`;
  const problem = value === undefined ? { field, rule } : { field, rule, value: showValue(value) };
  throw ingestErrors.error('push_message_missing', `${field} ${rule}`, { problems: [problem] });
}

/** What is safe in an ETag, a header and a log. Pub/Sub's own ids are decimal numbers. */
const MESSAGE_ID = /^[\w.:-]{1,128}$/;

function readMessageId(fields: Fields): string {
  const id = fields.messageId ?? fields.message_id;
  if (typeof id === 'string' && MESSAGE_ID.test(id)) return id;
  return `push-${createHash('sha256').update(JSON.stringify(fields)).digest('hex')}`;
}

/** A time that cannot be true would make its record newer than all that is yet to come. */
function readPublishTime(fields: Fields, receivedAt: Micros): Micros {
  const time = fields.publishTime ?? fields.publish_time;
  const micros = typeof time === 'string' ? parseRfc3339(time) : undefined;
  const latest = receivedAt + limits.publish_time_ahead_ms_max * 1000;
  return micros !== undefined && micros >= 0 && micros <= latest ? micros : receivedAt;
}

function readAttributes(attributes: unknown): Record<string, string> {
  if (!isJsonObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Senders who forget base64 send the record itself, as JSON or as text. */
function recordIdIn(data: unknown): string | undefined {
  if (typeof data !== 'string') return recordIdOf(data);
  try {
    return recordIdOf(parseJson(data));
  } catch {
    return undefined;
  }
}
