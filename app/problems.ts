import type { Context } from 'koa';
import type { BurnlineError } from '../base/errors.ts';
import { type ProblemDetails, writeProblem } from '../base/http/problem.ts';
import type { Telemetry } from '../telemetry/start.ts';

const RETRY_AFTER_SECONDS = '1';

const REFUSALS = {
  unauthorized: 'api_key',
  forbidden: 'api_key',
  rate_limited: 'rate_limit',
  body_empty: 'body',
  body_not_json: 'body',
  body_too_deep: 'body',
  body_too_large: 'body',
  unsupported_media_type: 'body',
} as const;

/** Writes failures in the shape of the route they belong to, and counts those that were refused at the door. */
export function createProblemWriter({ instruments }: { instruments: Telemetry['instruments'] | undefined }) {
  return (ctx: Context, details: ProblemDetails, error: BurnlineError): void => {
    const reason = REFUSALS[error.code as keyof typeof REFUSALS];
    if (reason !== undefined) instruments?.refused.add(1, { reason });
    if (details.status === 503) ctx.set('Retry-After', RETRY_AFTER_SECONDS);
    if (ctx.method === 'POST' && ctx.path === '/') writeNotInserted(ctx, details);
    else writeProblem(ctx, details);
  };
}

const KEPT_STATUSES = new Set([401, 413, 429]);

/** `POST /` promises 400 and 500 and `{"success":false,"error":"..."}`; what HTTP itself asks for keeps its status. */
function writeNotInserted(ctx: Context, { status, detail }: ProblemDetails): void {
  ctx.status = KEPT_STATUSES.has(status) ? status : status >= 500 ? 500 : 400;
  ctx.set('Content-Type', 'application/json');
  ctx.body = JSON.stringify({ success: false, error: detail });
}
