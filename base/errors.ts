/** One thing wrong with one field of the input. */
export type Problem = {
  /** Where: `value`, `attributes.tags`, `limit`. */
  field: string;
  /** What stood there, as JSON, shortened to 100 characters; `undefined` where nothing stood there. */
  value?: string;
  /** What the field must be, as a phrase: `must be a number`. */
  rule: string;
};

/** A row of a room's error table: what a client and a shell are told. */
export type ErrorRow = {
  /** HTTP status. */
  status: number;
  /** Exit code of the command line: 1 used wrongly or broken, 2 the answer is no, 3 not enough data to say. */
  exitCode: 1 | 2 | 3;
  /** The same for every occurrence; what happened this time is the error's message. */
  title: string;
};

/** An error that has a row in a table, so that HTTP status, exit code and problem type come from one place. */
export class BurnlineError extends Error {
  override readonly name = 'BurnlineError';
  readonly code: string;
  readonly row: ErrorRow;
  readonly problems: readonly Problem[];

  constructor(
    code: string,
    row: ErrorRow,
    detail: string,
    options: { problems?: readonly Problem[]; cause?: unknown },
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.row = row;
    this.problems = options.problems ?? [];
  }
}

/**
 * A room's errors. `rows` is what the joining test reads; `error` makes one.
 *
 * @example
 * const recordErrors = errorTable({ record_invalid: { status: 400, exitCode: 1, title: 'Not a record' } });
 * throw recordErrors.error('record_invalid', 'value must be a finite number, not "abc"');
 */
export function errorTable<const Rows extends Readonly<Record<string, ErrorRow>>>(rows: Rows) {
  return {
    rows,
    error(
      code: keyof Rows & string,
      detail: string,
      options: { problems?: readonly Problem[]; cause?: unknown } = {},
    ): BurnlineError {
      return new BurnlineError(code, rows[code] as ErrorRow, detail, options);
    },
  };
}

/** Says problems in one sentence: `value must be a number, not "abc"; name is required`. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ field, rule, value }) => `${field} ${rule}${value === undefined ? '' : `, not ${value}`}`)
    .join('; ');
}

/** A value as JSON, cut to 100 characters, for the `value` of a problem. */
export function showValue(value: unknown): string {
  let text: string;
  try {
    // Infinity is what 1e400 is read as, and JSON would have it be null.
    text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  } catch {
    text = String(value);
  }
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** What an unknown thrown thing has to say. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
