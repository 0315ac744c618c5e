import { BurnlineError } from '../../base/errors.ts';
import { answerJson } from '../answer.ts';
import { appErrors } from '../errors.ts';
import { recordIdParams } from '../parameters.ts';
import { defineRoute, type Route } from '../route.ts';
import { erased } from '../schemas.ts';

/** Removes an id from everywhere, for ever. */
export type Erase = (id: string) => Promise<{ events: number; deadLetters: number }>;

/** The erasure, as a person may ask for it. */
export function eraseRoutes({ erase }: { erase: Erase }): Route[] {
  return [
    defineRoute({
      method: 'delete',
      path: '/records/:id',
      name: 'eraseRecord',
      group: 'Records',
      summary: 'Erase a record with its whole history',
      description:
        'Every version and every dead letter that carries the id is removed, and cannot be brought back. Needs an operator’s key, or any where there are no keys for operators; where there are none at all, only the machine itself may ask.',
      access: 'operator',
      params: recordIdParams,
      answers: { 200: { description: 'What was removed; nothing, where nothing was there.', schema: erased } },
      fails: [503],
      async handle(ctx, { params: { id } }) {
        const { events, deadLetters } = await erase(id).catch(toNotErased);
        answerJson(ctx, JSON.stringify({ id, events, deadLetters }));
      },
    }),
  ];
}

/** What a store said of itself is for the log, unless it is one of our own errors. */
function toNotErased(cause: unknown): never {
  if (cause instanceof BurnlineError) throw cause;
  throw appErrors.error('not_erased', 'Not everything was erased: send it again in a few seconds', { cause });
}
