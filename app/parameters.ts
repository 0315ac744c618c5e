import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { recordSchema } from '../records/record.ts';
import { VERSION_PATTERN } from '../records/version.ts';
import { idPattern } from './schemas.ts';
import { VERSION_HEADER } from './version-header.ts';

const once = 'must be given once';

const integer = (min: number, max: number) =>
  z
    .string(once)
    .regex(/^-?\d{1,16}$/, 'must be an integer')
    .transform(Number)
    .pipe(z.int('must be an integer').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** How many items a page holds. */
export const limitParameter = integer(1, limits.page_records_max).default(limits.page_records_default).meta({
  description: 'How many to answer at most.',
});

/** Where a page starts, as a number of items to skip. */
export const offsetParameter = integer(0, Number.MAX_SAFE_INTEGER).optional().meta({
  description: 'How many to skip, in order of id; far pages are cheaper by cursor. 0 where neither is given.',
});

/** Where a page starts, as what an earlier page said. */
export const cursorParameter = z
  .string(once)
  .max(limits.cursor_chars_max, `must have at most ${limits.cursor_chars_max} characters`)
  .optional()
  .meta({
    description: 'The `nextCursor` of the page before, unchanged; one that was made up is refused.',
    format: 'cursor',
  });

/** A flag in a query. */
export const flagParameter = z
  .enum(['true', 'false'], 'must be true or false')
  .transform(value => value === 'true')
  .pipe(z.boolean())
  .default(false);

/** The version of a record that an answer must be at least. */
export const minVersionParameter = z
  .string(once)
  .regex(VERSION_PATTERN, `must be the ${VERSION_HEADER} of an answer, unchanged`)
  .optional()
  .meta({
    description: `The ${VERSION_HEADER} of a write: the answer is that version or a newer one, also where another process serves it.`,
  });

/** The id of a record in a path: the record's own rule. */
export const recordIdParams = z.object({
  id: recordSchema.shape.id.meta({
    ...recordSchema.shape.id.meta(),
    pattern: idPattern,
    example: '42',
  }),
});

/** The id of a dead letter in a path. */
export const deadLetterIdParams = z.object({
  id: z.string().min(1).max(limits.id_chars_max).meta({ description: 'As the list tells it.', example: '1' }),
});
