import { z } from 'zod';
import { httpErrors } from '../../base/http/errors.ts';
import { decodeCursor, encodeCursor } from '../../records/cursor.ts';
import type { Reader } from '../../records/reader.ts';
import { parseVersion } from '../../records/version.ts';
import { answerCacheable } from '../answer.ts';
import { readAtLeast } from '../at-least.ts';
import { readPage } from '../page.ts';
import {
  cursorParameter,
  limitParameter,
  minVersionParameter,
  offsetParameter,
  recordIdParams,
} from '../parameters.ts';
import type { CountRead } from '../reads.ts';
import { linkToWrite } from '../reads.ts';
import { defineRoute, type Route } from '../route.ts';
import { record, recordPage } from '../schemas.ts';
import { VERSION_HEADER, versionHeader } from '../version-header.ts';

const pageQuery = z
  .strictObject({ limit: limitParameter, offset: offsetParameter, cursor: cursorParameter })
  .refine(({ offset, cursor }) => offset === undefined || cursor === undefined, {
    path: ['offset'],
    message: 'must not be given together with cursor',
  });

/** Reads of pages and of one record. */
export function recordRoutes({ reader, countRead }: { reader: Reader; countRead: CountRead }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/records',
      name: 'listRecords',
      group: 'Records',
      summary: 'A page of records, in order of id',
      description:
        'By `offset`, or by the `cursor` of the page before: while records are written, pages by cursor neither skip nor repeat one that was there from the start.',
      access: 'client',
      query: pageQuery,
      answers: {
        200: {
          description: 'The page.',
          schema: recordPage,
          headers: { ETag: 'Over the whole page.', Link: 'The next page, as `rel="next"`.' },
        },
        304: { description: 'The client has this page already (`If-None-Match`).' },
      },
      fails: [503],
      async handle(ctx, { query: { limit, offset = 0, cursor } }) {
        const from = cursor === undefined ? { offset } : { after: decodeCursor('records', cursor) };
        const { json, nextKey } = await readPage({
          limit,
          from,
          read: (itemsMax, position) => reader.page({ limit: itemsMax, ...position }),
          keyOf: ({ id }) => id,
        });
        countRead(ctx);
        const nextCursor = nextKey === undefined ? null : encodeCursor('records', nextKey);
        if (nextCursor) ctx.res.setHeader('Link', `</records?limit=${limit}&cursor=${nextCursor}>; rel="next"`);
        const offsetMember = cursor === undefined ? `"offset":${offset},` : '';
        const nextMember = nextCursor === null ? 'null' : `"${nextCursor}"`;
        answerCacheable(ctx, `{"records":[${json}],"limit":${limit},${offsetMember}"nextCursor":${nextMember}}`);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/records/:id',
      name: 'getRecord',
      group: 'Records',
      summary: 'One record, in its newest version',
      access: 'client',
      params: recordIdParams,
      query: z.strictObject({ minVersion: minVersionParameter }),
      answers: {
        200: {
          description: 'The record.',
          schema: record,
          headers: { ETag: 'Over the record.', [VERSION_HEADER]: 'Which version this is.' },
        },
        304: { description: 'The client has this version already (`If-None-Match`).' },
      },
      fails: [404, 412, 503],
      async handle(ctx, { params: { id }, query: { minVersion } }) {
        const version = minVersion === undefined ? undefined : parseVersion(minVersion);
        const found = version ? await readAtLeast(reader, id, version) : await reader.get(id);
        countRead(ctx);
        if (!found) throw httpErrors.error('not_found', `There is no record with the id ${JSON.stringify(id)}`);
        linkToWrite(found.traceparent);
        ctx.set(VERSION_HEADER, versionHeader(found.version));
        answerCacheable(ctx, JSON.stringify(found.record));
      },
    }),
  ];
}
