import { z } from 'zod';
import { hasBody, readJsonBody } from '../../base/http/body.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { limits } from '../../base/limits.ts';
import { decodeCursor, encodeCursor } from '../../records/cursor.ts';
import { type DeadLetters, deadLetterReasons, type Replay } from '../../records/dead-letters.ts';
import { answerJson } from '../answer.ts';
import { showDeadLetter } from '../dead-letter.ts';
import { cursorParameter, deadLetterIdParams, flagParameter, limitParameter } from '../parameters.ts';
import { defineRoute, type Route } from '../route.ts';
import { deadLetter, deadLetterPage, recordInput, replayed } from '../schemas.ts';

const reasons = Object.keys(deadLetterReasons) as (keyof typeof deadLetterReasons)[];

const listQuery = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  reason: z
    .enum(reasons, `must be one of ${reasons.join(', ')}`)
    .optional()
    .meta({ description: 'Only these.' }),
  replayed: flagParameter.meta({ description: 'Those that were replayed too.' }),
});

/** What was refused, and its way back. */
export function deadLetterRoutes({ deadLetters, replay }: { deadLetters: DeadLetters; replay: Replay }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/dead-letters',
      name: 'listDeadLetters',
      group: 'Dead letters',
      summary: 'A page of refused messages, oldest first',
      access: 'client',
      query: listQuery,
      answers: {
        200: {
          description: 'The page.',
          schema: deadLetterPage,
          headers: { Link: 'The next page, as `rel="next"`.' },
        },
      },
      fails: [503],
      async handle(ctx, { query: { limit, cursor, reason, replayed } }) {
        const filter = { replayed, ...(reason !== undefined && { reason }) };
        const after = cursor === undefined ? {} : { after: decodeCursor('deadLetters', cursor) };
        const { letters, isMore } = await deadLetters.list({ limit, ...after, ...filter });
        const last = letters.at(-1);
        const nextCursor = isMore && last ? encodeCursor('deadLetters', last.id) : null;
        if (nextCursor) {
          const query = new URLSearchParams({
            limit: `${limit}`,
            ...filter,
            replayed: `${replayed}`,
            cursor: nextCursor,
          });
          ctx.set('Link', `</dead-letters?${query}>; rel="next"`);
        }
        answerJson(ctx, JSON.stringify({ deadLetters: letters.map(showDeadLetter), limit, nextCursor }));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/dead-letters/:id',
      name: 'getDeadLetter',
      group: 'Dead letters',
      summary: 'One refused message, with its reason and its original bytes',
      access: 'client',
      params: deadLetterIdParams,
      answers: { 200: { description: 'The dead letter.', schema: deadLetter } },
      fails: [404, 503],
      async handle(ctx, { params: { id } }) {
        const letter = await deadLetters.get(id);
        if (!letter) throw httpErrors.error('not_found', `There is no dead letter ${JSON.stringify(id)}`);
        answerJson(ctx, JSON.stringify(showDeadLetter(letter)));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/dead-letters/:id/replay',
      name: 'replayDeadLetter',
      group: 'Dead letters',
      summary: 'Try a refused message again',
      description:
        'Without a body as it is, keeping its place in the order of versions; with a body that record is stored in its stead.',
      access: 'client',
      params: deadLetterIdParams,
      body: { schema: recordInput, required: false, example: { id: '42', name: 'Ada' } },
      answers: { 200: { description: 'It is stored.', schema: replayed } },
      fails: [404, 422, 503],
      async handle(ctx, { params: { id } }) {
        const corrected = hasBody(ctx)
          ? await readJsonBody(ctx, { bytesMax: limits.record_body_bytes_max })
          : undefined;
        const outcome = corrected ? await replay(id, corrected.json) : await replay(id);
        answerJson(ctx, JSON.stringify(outcome));
      },
    }),
  ];
}
