import { trace } from '@opentelemetry/api';
import type { Context, Middleware } from 'koa';
import { BurnlineError, type Problem } from '../errors.ts';
import { httpErrors } from './errors.ts';

/** The part of a logger that is needed here. */
export type ErrorLog = { error(fields: object, message: string): void };

/** An error as a client is told it, in the members of RFC 9457 and three of our own. */
export type ProblemDetails = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  /** What is wrong with which field of the input. */
  problems?: readonly Problem[];
  /** Names the request's trace, and by it the log entry of a failure. */
  traceId?: string;
};

type Write = (ctx: Context, details: ProblemDetails, error: BurnlineError) => void;

/**
 * Answers whatever is thrown behind it, and paths and methods that no route took, as problem+json. A failure of the server
 * (5xx) is logged whole and told in general terms. `write` puts the details into another shape.
 */
export function answerProblems({ log, write = writeProblem }: { log: ErrorLog; write?: Write }): Middleware {
  return async function answerProblems(ctx, next) {
    try {
      await next();
      if (ctx.status >= 400 && (ctx.body === undefined || ctx.body === null)) refuseUnrouted(ctx);
    } catch (thrown) {
      const error = toBurnlineError(thrown);
      // Not being ready is a state that probes ask for again and again, and no failure.
      if (error.row.status >= 500 && error.code !== 'unavailable') {
        log.error({ err: thrown, code: error.code, method: ctx.method, path: ctx.path }, error.message);
      }
      write(ctx, detailsOf(ctx, error), error);
    }
  };
}

/** Writes the details as application/problem+json. */
export function writeProblem(ctx: Context, details: ProblemDetails): void {
  ctx.status = details.status;
  ctx.set('Content-Type', 'application/problem+json');
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(details);
}

function detailsOf(ctx: Context, error: BurnlineError): ProblemDetails {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return {
    type: `urn:burnline:problem:${error.code}`,
    title: error.row.title,
    status: error.row.status,
    detail: error.message,
    instance: ctx.path,
    ...(error.problems.length > 0 && { problems: error.problems }),
    ...(traceId !== undefined && { traceId }),
  };
}

const codeOfStatus = new Map<number, keyof typeof httpErrors.rows>(
  Object.entries(httpErrors.rows)
    .toReversed()
    .map(([code, { status }]) => [status, code as keyof typeof httpErrors.rows]),
);

/** Koa's own errors keep their status; anything else is a failure of ours, whose text is not for the client. */
function toBurnlineError(thrown: unknown): BurnlineError {
  if (thrown instanceof BurnlineError) return thrown;
  const { status, expose, message } = (thrown ?? {}) as { status?: unknown; expose?: unknown; message?: unknown };
  const code = expose === true && typeof status === 'number' ? codeOfStatus.get(status) : undefined;
  if (code !== undefined) return httpErrors.error(code, String(message), { cause: thrown });
  return httpErrors.error('internal', 'The request failed on our side; its log entry has the reason', {
    cause: thrown,
  });
}

type Matched = { matched?: readonly { methods: readonly string[] }[]; routeMatched?: boolean };

/** @koa/router leaves on the context what matched the path, also where no route took the method. */
function refuseUnrouted(ctx: Context): void {
  const { matched = [], routeMatched = false } = ctx as Matched;
  const methods = [...new Set(matched.flatMap(layer => layer.methods))].toSorted();
  if (routeMatched || methods.length === 0) {
    throw httpErrors.error('not_found', `Nothing is served at ${ctx.path}`);
  }
  ctx.set('Allow', methods.join(', '));
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204;
    return;
  }
  throw httpErrors.error('method_not_allowed', `${ctx.path} takes ${methods.join(', ')}, not ${ctx.method}`);
}
