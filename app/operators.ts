import type { Middleware } from 'koa';
import { httpErrors } from '../base/http/errors.ts';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/**
 * Guards what destroys where no API key does: only this machine may ask. A forwarded request comes from elsewhere, and a foreign
 * Host is a web page whose name was pointed at loopback.
 */
export function requireLoopback(): Middleware {
  return function requireLoopback(ctx, next) {
    const { headers, socket } = ctx.req;
    const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
    const isLocal = LOOPBACK.test(socket.remoteAddress ?? '') && LOOPBACK_NAMES.has(ctx.hostname);
    if (isLocal && !isForwarded) return next();
    throw httpErrors.error('forbidden', 'Without API keys this is for the machine itself only: configure API keys');
  };
}
