import { Readable } from 'node:stream';
import type { Reader } from '../../records/reader.ts';
import { everyRecord, ndjson } from '../every-record.ts';
import type { CountRead } from '../reads.ts';
import { defineRoute, type Route } from '../route.ts';
import { record, recordList } from '../schemas.ts';

const NDJSON_TYPE = 'application/x-ndjson';

/** Every record at once. */
export function dataRoutes({ reader, countRead }: { reader: Reader; countRead: CountRead }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/data',
      name: 'getData',
      group: 'Records',
      summary: 'Every record',
      description:
        'Streamed in order of id: one JSON array, or one record a line where `Accept` asks for `application/x-ndjson`. An answer that fails on its way is cut off, never ended as if it were whole.',
      access: 'client',
      answers: {
        200: { description: 'The records.', schema: recordList, alternatives: { [NDJSON_TYPE]: record } },
      },
      fails: [503],
      async handle(ctx) {
        const isNdjson = ctx.accepts('application/json', NDJSON_TYPE) === NDJSON_TYPE;
        const chunks = everyRecord(reader, isNdjson ? ndjson : undefined);
        // What fails before the first byte is still answered with a status.
        const first = await chunks.next();
        countRead(ctx);
        ctx.status = 200;
        ctx.vary('Accept');
        ctx.set('Content-Type', isNdjson ? NDJSON_TYPE : 'application/json');
        ctx.body = Readable.from(startingWith(first, chunks));
      },
    }),
  ];
}

async function* startingWith(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}
