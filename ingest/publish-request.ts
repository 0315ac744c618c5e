import { z } from 'zod';
import { describeProblems, type Problem, showValue } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Message } from '../records/topic.ts';
import { decodeBase64 } from './base64.ts';
import { ingestErrors } from './errors.ts';

const notBase64 = 'must be a base64 string';

const messageSchema = z
  .object(
    {
      data: z.string(notBase64).transform(toBytes).optional(),
      attributes: z.record(z.string(), z.string('must be a string'), 'must be an object of strings').default({}),
      orderingKey: z.string('must be a string').optional(),
    },
    'must be an object',
  )
  // Pub/Sub refuses a message that says nothing.
  .refine(({ data, attributes }) => data?.length || Object.keys(attributes).length > 0, {
    path: ['data'],
    message: 'must not be empty where there are no attributes',
  });

const messageCount = `must be an array of 1 to ${limits.publish_messages_max} messages`;
const requestSchema = z.object(
  {
    messages: z.array(messageSchema, messageCount).min(1, messageCount).max(limits.publish_messages_max, messageCount),
  },
  'must be an object',
);

function toBytes(text: string, context: z.RefinementCtx): Buffer {
  const bytes = decodeBase64(text);
  if (bytes && bytes.length <= limits.message_bytes_max) return bytes;
  const tooLarge = bytes && `must be base64 of at most ${limits.message_bytes_max} bytes, and has ${bytes.length}`;
  context.addIssue({ code: 'custom', message: tooLarge ?? notBase64 });
  return z.NEVER;
}

/** Reads the body of Pub/Sub's REST publish. Throws `publish_invalid` with problems such as `messages[3].data`. */
export function readPublishRequest(json: unknown): Message[] {
  const parsed = requestSchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, limits.publish_problems_max).map(issue => toProblem(issue, json));
    throw ingestErrors.error('publish_invalid', describeProblems(problems), { problems });
  }
  return parsed.data.messages.map(({ data = Buffer.alloc(0), attributes, orderingKey }) => ({
    data,
    attributes,
    ...(orderingKey !== undefined && { orderingKey }),
  }));
}

function toProblem({ path, message: rule }: z.core.$ZodIssue, json: unknown): Problem {
  const field = path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`),
    '',
  );
  const value = path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
  return { field: field.slice(1) || 'body', rule, ...(value !== undefined && { value: showValue(value) }) };
}
