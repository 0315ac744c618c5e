import { describeProblems, showValue } from '../../base/errors.ts';
import { readJsonBody } from '../../base/http/body.ts';
import { isJsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import { recordErrors } from '../../records/errors.ts';
import { answerJson } from '../answer.ts';
import { defineRoute, type Route } from '../route.ts';
import { inserted, insertion, notInserted } from '../schemas.ts';
import type { Write } from '../writer.ts';

const DONE = JSON.stringify({ success: true, message: 'Data inserted successfully!' });

/** The insert in an envelope, with answers in a shape of its own. */
export function insertRoutes({ write }: { write: Write }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/',
      name: 'insertData',
      group: 'Records',
      summary: 'Store a record given as `data`',
      description: '`id`, `name` and `value` are all required. It is durable when answered.',
      access: 'client',
      body: {
        schema: insertion,
        required: true,
        example: { data: { id: '123', name: 'Sample Data', value: 45.67 } },
      },
      answers: { 200: { description: 'Stored.', schema: inserted } },
      failure: { type: 'application/json', schema: notInserted },
      async handle(ctx) {
        const { json } = await readJsonBody(ctx, { bytesMax: limits.record_body_bytes_max });
        await write(dataOf(json));
        answerJson(ctx, DONE);
      },
    }),
  ];
}

function dataOf(json: unknown): unknown {
  const data = isJsonObject(json) ? json.data : json;
  const given = isJsonObject(data) ? data.value : undefined;
  if (isJsonObject(json) && isJsonObject(data) && given !== undefined && given !== null) return data;
  const problem = isJsonObject(data)
    ? { field: 'value', rule: 'is required' }
    : { field: 'data', value: showValue(data), rule: 'must be an object with id, name and value' };
  throw recordErrors.error('record_invalid', describeProblems([problem]), { problems: [problem] });
}
