import { RE2JS } from 're2js';
import { filterErrors } from './errors.ts';

/** A regular expression that is matched whole. */
export type Pattern = { test(value: string): boolean };

/** How often a pattern may repeat by number, all in all: each time is a copy of what is repeated. */
const REPEATS_MAX = 1000;

/**
 * Reads a regular expression as Google does, in the syntax of RE2: it has neither look-around nor back-references, and matching takes
 * time in proportion to the value. Whoever filters cannot hold up the process. Throws `filter_invalid`.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function toPattern(text: string): Pattern {
  const repeats = [...text.matchAll(/\{(?:\d+,)?(\d+),?\}/g)].reduce((sum, [, times]) => sum + Number(times), 0);
  if (repeats > REPEATS_MAX) {
    const detail = `The regular expression ${text} repeats ${repeats} times by number, and at most ${REPEATS_MAX} are taken`;
    throw filterErrors.error('filter_invalid', detail);
  }
  try {
    const expression = RE2JS.compile(text, RE2JS.DOTALL);
    return { test: value => expression.testExact(value) };
  } catch (error) {
    throw filterErrors.error('filter_invalid', `The regular expression ${text} cannot be read`, { cause: error });
  }
}
