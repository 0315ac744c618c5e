import { BurnlineError, messageOf } from '../base/errors.ts';
import { cliErrors } from './errors.ts';

const BROKEN_CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT']);
const ABSENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const PASSING_STATUSES = new Set([429, 503]);

/**
 * What an error says of the endpoint: `absent` where no connection came about, `passing` where it said to come again or hung
 * up, `final` where asking again would not help.
 */
export function judge(error: unknown): 'absent' | 'passing' | 'final' {
  const code = codeOf(error);
  if (code !== undefined && ABSENT_CODES.has(code)) return 'absent';
  if (code !== undefined && BROKEN_CODES.has(code)) return 'passing';
  return error instanceof BurnlineError && PASSING_STATUSES.has(error.row.status) ? 'passing' : 'final';
}

/** The error for an endpoint where nothing answers, with what to do; any other error as it is. */
export function explainAbsence(error: unknown, url: string): unknown {
  if (judge(error) !== 'absent') return error;
  const detail = `nothing answers at ${url} (${codeOf(error)}): start it with \`burnline up\`, or name another with --url`;
  return cliErrors.error('endpoint_missing', detail, { cause: error });
}

/** The system's code, from the error or what caused it: fetch hides it there. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_]+$/.test(at.code)) return at.code;
    // Where a name has several addresses, each has its error.
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return undefined;
}

/** What an error says, with the cause that fetch hides behind `fetch failed`. */
export function describeFailure(error: unknown): string {
  const code = codeOf(error);
  return code === undefined || messageOf(error).includes(code) ? messageOf(error) : `${messageOf(error)} (${code})`;
}
