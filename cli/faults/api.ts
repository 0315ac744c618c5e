import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Route } from '../../app/route.ts';
import { httpErrors } from '../../base/http/errors.ts';
import type { Flags } from './flags.ts';
import { SLOW_SHARE } from './table.ts';

const WHY = 'The request failed on purpose: api-errors is on';

/**
 * Fails a share of the API's requests and delays a share of its answers, as their routes would: a failed request still belongs to
 * its route. What is open, such as health, readiness and the manual, is left alone. Stands right before the router.
 */
export function createApiFaults(options: {
  flags: Flags;
  random: () => number;
  wait: (ms: number) => Promise<void>;
  routes: readonly Route[];
}): Middleware {
  const { flags, random, wait } = options;
  const routeOf = createMatcher(options.routes.filter(({ access }) => access !== 'open'));

  async function fail(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    const route = routeOf(ctx);
    const ms = flags.value('api-latency');
    const share = flags.value('api-errors') ?? 0;
    if (route !== undefined && ms !== undefined && random() < SLOW_SHARE) await wait(ms);
    const drawn = random();
    if (route === undefined || drawn >= share) return void (await next());
    // What the router would have left for the telemetry.
    ctx._matchedRoute = route;
    throw httpErrors.error(drawn < share / 2 ? 'internal' : 'unavailable', WHY);
  }

  return function failOnPurpose(ctx, next) {
    const isOn = flags.value('api-errors') !== undefined || flags.value('api-latency') !== undefined;
    return isOn ? fail(ctx, next) : next();
  };
}

function createMatcher(routes: readonly Route[]): (ctx: Context) => string | undefined {
  const router = new Router({ strict: true, sensitive: true });
  for (const { method, path } of routes) router[method](path, () => {});
  return ({ path, method }) => {
    const found = router.match(path, method).pathAndMethod.at(-1)?.path;
    return typeof found === 'string' ? found : undefined;
  };
}
