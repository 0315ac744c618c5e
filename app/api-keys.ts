import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { httpErrors } from '../base/http/errors.ts';

/**
 * Lets through what presents one of the keys, as `X-API-Key` or as bearer token. Digests of equal length are compared, each
 * with every key, so that neither length nor place of a match shows in the time taken.
 */
export function requireApiKey(options: { keys: readonly string[]; isOpen(ctx: Context): boolean }): Middleware {
  const findKey = createKeyFinder(options.keys);
  return function requireApiKey(ctx, next) {
    if (options.isOpen(ctx)) return next();
    const found = findKey(ctx);
    if (!found) {
      ctx.set('WWW-Authenticate', 'Bearer realm="burnline"');
      const problems = [{ field: 'x-api-key', rule: 'must be one of the configured keys' }];
      throw httpErrors.error('unauthorized', 'Send a valid key as X-API-Key or as Authorization: Bearer', { problems });
    }
    ctx.state.client = found.toString('base64url');
    return next();
  };
}

/** Stands behind `requireApiKey`: of the keys that it lets through, only these may do what operators do. */
export function requireOperatorKey(keys: readonly string[]): Middleware {
  const findKey = createKeyFinder(keys);
  return function requireOperatorKey(ctx, next) {
    if (findKey(ctx)) return next();
    const problems = [{ field: 'x-api-key', rule: 'must be one of the operator keys' }];
    throw httpErrors.error('forbidden', "This is for operators only: send an operator's key", { problems });
  };
}

/** Makes what answers the digest of the presented key where it is one of the keys. */
function createKeyFinder(keys: readonly string[]): (ctx: Context) => Buffer | undefined {
  const digests = keys.map(digest);
  return ctx => {
    const key = presentedKey(ctx) ?? '';
    const presented = digest(key);
    const matches = digests.filter(known => timingSafeEqual(known, presented));
    // An empty key in the configuration must not let in whoever has none.
    return key === '' || matches.length === 0 ? undefined : presented;
  };
}

function presentedKey({ req: { headers } }: Context): string | undefined {
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
