/** gRPC's codes of failures that may pass when the same rows are sent again. */
const PASSING = new Set([
  1, // CANCELLED
  2, // UNKNOWN
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED: a quota, for now
  10, // ABORTED
  13, // INTERNAL
  14, // UNAVAILABLE
]);

/**
 * A failed append, after which the rows may be stored or not. INVALID_ARGUMENT without row errors speaks of the request (its
 * schema, the table), never of one row: no message is to blame for it, and the same rows are stored once the cause is gone.
 */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** Whether trying again at once may help. */
  readonly isPassing: boolean;

  constructor(message: string, { code, cause }: { code?: number | null | undefined; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    // Without a code it is the connection that failed.
    this.isPassing = code === undefined || code === null || PASSING.has(code);
  }
}
