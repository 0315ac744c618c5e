import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BurnlineError } from '../base/errors.ts';
import { hasBody, readJsonBody } from '../base/http/body.ts';
import type { ErrorLog } from '../base/http/problem.ts';
import { type Api, createApi } from './api/api.ts';
import { toFailure } from './api/failure.ts';
import { refuseForeign } from './api/guard.ts';
import { withEnumNumbers } from './api/messages/numbers.ts';
import { type Message, readMessage } from './api/messages/read.ts';
import { loadMessages } from './api/messages/types.ts';
import { createRouter, type Route } from './api/router.ts';
import type { World } from './api/world.ts';
import { apiErrors } from './errors.ts';
import type { Evaluator } from './evaluate/evaluator.ts';
import { limits } from './limits.ts';
import { followResources } from './resources/follow.ts';

type Options = Omit<World, 'evaluator' | 'findMessage'> & {
  /** Hears of each SLO and policy, now and as they change. */
  evaluator: Evaluator;
  /** Asked first: what answers OTLP's paths, and whatever else is served on this port. */
  intake?: { handle(req: IncomingMessage, res: ServerResponse): Promise<boolean> };
  log: ErrorLog;
};

const HEADERS = {
  'Content-Type': 'application/json; charset=UTF-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * The local Cloud Monitoring over HTTP: the REST API v3, and v1 for dashboards, as Google's clients and the google Terraform provider
 * speak it. To be listened to on loopback only.
 *
 * @example
 * const server = createMonitoringServer({ store, resources, evaluator, incidents, project: 'local', clock, newId, log });
 * await listen({ handler: server.handler, port: 8090 });
 */
export function createMonitoringServer({ evaluator, intake, log, ...rest }: Options): Pick<Api, 'put'> & {
  handler: RequestListener;
} {
  const world: World = { ...rest, evaluator, findMessage: loadMessages() };
  const { routes, put } = createApi(world);
  const find = createRouter(routes, world.project);
  followResources({ ...world, evaluator });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<object | undefined> {
    refuseForeign(req);
    if (await intake?.handle(req, res)) return undefined;
    const { pathname, searchParams: query } = toUrl(req.url ?? '');
    const { route, params } = find(req.method ?? '', pathname);
    const body = await readBody(req, res, route);
    const message = route.handle({ params, query, body }) as Message;
    const wantsNumbers = query.getAll('$alt').some(alt => alt.includes('enum-encoding=int'));
    return wantsNumbers && route.answers ? withEnumNumbers(world.findMessage(route.answers), message) : message;
  }

  async function readBody(req: IncomingMessage, res: ServerResponse, { takes, mayBeEmpty }: Route): Promise<Message> {
    if (takes === undefined || (mayBeEmpty && !hasBody({ req }))) return {};
    const bytesMax = limits.api_body_bytes_max;
    const { json } = await readJsonBody({ req, res }, { bytesMax });
    return readMessage(world.findMessage(takes), json);
  }

  return {
    put,
    async handler(req, res) {
      try {
        const message = await answer(req, res);
        if (message) write(res, 200, message);
      } catch (thrown) {
        if (!(thrown instanceof BurnlineError)) {
          log.error(
            { err: thrown, method: req.method, url: req.url },
            'A request to the local Cloud Monitoring failed',
          );
        }
        const failure = toFailure(thrown);
        if (res.headersSent) res.destroy();
        else write(res, failure.error.code, failure);
      }
    },
  };
}

function write(res: ServerResponse, status: number, message: object): void {
  res.writeHead(status, HEADERS).end(JSON.stringify(message));
}

function toUrl(path: string): URL {
  try {
    // What begins with two slashes would name a host.
    return new URL(path.replace(/^\/+/, '/'), 'http://localhost');
  } catch (error) {
    throw apiErrors.error('argument_invalid', 'The address cannot be read', { cause: error });
  }
}
