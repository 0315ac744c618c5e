import type { Context, Middleware } from 'koa';
import type { Clock } from '../base/clock.ts';
import { httpErrors } from '../base/http/errors.ts';

type Bucket = { tokens: number; atMs: number };

/**
 * Allows each client (its API key, else its address) `requestsPerSecondMax`, and a second's worth at once: a token bucket. The
 * clients remembered are limited; the one not seen for longest is forgotten first, and so starts with a full bucket.
 */
export function limitRate(options: {
  requestsPerSecondMax: number;
  clock: Clock;
  isOpen(ctx: Context): boolean;
  clientsMax?: number;
}): Middleware {
  const { requestsPerSecondMax: rate, clock, isOpen, clientsMax = 10_000 } = options;
  const burst = Math.max(1, rate);
  const buckets = new Map<string, Bucket>();

  function take(client: string): number {
    const nowMs = clock.now();
    const { tokens, atMs } = buckets.get(client) ?? { tokens: burst, atMs: nowMs };
    const filled = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) / 1000) * rate);
    const left = filled - 1;
    buckets.delete(client);
    buckets.set(client, { tokens: left < 0 ? filled : left, atMs: nowMs });
    if (buckets.size > clientsMax) buckets.delete(buckets.keys().next().value as string);
    return left;
  }

  return function limitRate(ctx, next) {
    if (isOpen(ctx)) return next();
    const left = take((ctx.state.client as string | undefined) ?? ctx.ip);
    ctx.set('RateLimit-Limit', String(burst));
    ctx.set('RateLimit-Remaining', String(Math.max(0, Math.floor(left))));
    ctx.set('RateLimit-Reset', String(Math.ceil((burst - Math.max(0, left)) / rate)));
    if (left >= 0) return next();
    const waitSeconds = Math.ceil(-left / rate);
    ctx.set('Retry-After', String(waitSeconds));
    const detail = `At most ${rate} requests a second are allowed: send again in ${waitSeconds} s`;
    throw httpErrors.error('rate_limited', detail);
  };
}
