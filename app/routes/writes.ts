import { describeProblems, showValue } from '../../base/errors.ts';
import { readJsonBody } from '../../base/http/body.ts';
import { isJsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import { recordErrors } from '../../records/errors.ts';
import { answerJson } from '../answer.ts';
import { recordIdParams } from '../parameters.ts';
import { defineRoute, type Route } from '../route.ts';
import { record, recordInput, recordUpdate } from '../schemas.ts';
import { VERSION_HEADER, versionHeader } from '../version-header.ts';
import type { Write } from '../writer.ts';

const bytesMax = limits.record_body_bytes_max;
const versionOf = { [VERSION_HEADER]: 'Which version was stored.' };

/** Inserts and updates; both are appends of a new version, durable when answered. */
export function writeRoutes({ write }: { write: Write }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/records',
      name: 'createRecord',
      group: 'Records',
      summary: 'Store a record',
      description: 'It is durable when answered. A record with the same id gets a new version.',
      access: 'client',
      body: { schema: recordInput, required: true, example: { id: '42', name: 'Ada', country: 'CL', value: 45.67 } },
      answers: {
        201: {
          description: 'The record as it is stored.',
          schema: record,
          headers: { Location: 'Where the record is served.', ...versionOf },
        },
      },
      fails: [422, 503],
      async handle(ctx) {
        const { json } = await readJsonBody(ctx, { bytesMax });
        const stored = await write(json);
        ctx.set('Location', `/records/${encodeURIComponent(stored.record.id)}`);
        ctx.set(VERSION_HEADER, versionHeader(stored.version));
        answerJson(ctx, JSON.stringify(stored.record), 201);
      },
    }),
    defineRoute({
      method: 'put',
      path: '/records/:id',
      name: 'putRecord',
      group: 'Records',
      summary: 'Store a record under this id',
      description: 'The whole record is given; what it does not name is no longer there. It is durable when answered.',
      access: 'client',
      params: recordIdParams,
      body: { schema: recordUpdate, required: true, example: { name: 'Ada', country: 'CL', value: 46 } },
      answers: { 200: { description: 'The record as it is stored.', schema: record, headers: versionOf } },
      fails: [422, 503],
      async handle(ctx, { params: { id } }) {
        const { json } = await readJsonBody(ctx, { bytesMax });
        const stored = await write(withId(json, id));
        ctx.set(VERSION_HEADER, versionHeader(stored.version));
        answerJson(ctx, JSON.stringify(stored.record));
      },
    }),
  ];
}

function withId(json: unknown, id: string): unknown {
  if (!isJsonObject(json)) return json;
  if (json.id !== undefined && json.id !== id) {
    const problems = [{ field: 'id', value: showValue(json.id), rule: 'must be the id of the path, or absent' }];
    throw recordErrors.error('record_invalid', describeProblems(problems), { problems });
  }
  return { ...json, id };
}
