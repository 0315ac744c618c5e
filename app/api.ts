import Koa, { type Context, type Middleware } from 'koa';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { answerProblems } from '../base/http/problem.ts';
import { securityHeaders } from '../base/http/security-headers.ts';
import type { NewId } from '../base/ids.ts';
import type { DeadLetters, Replay } from '../records/dead-letters.ts';
import type { Reader } from '../records/reader.ts';
import type { WriteClock } from '../records/version.ts';
import type { Warehouse } from '../records/warehouse.ts';
import { traceRequests } from '../telemetry/http-server.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { requireApiKey, requireOperatorKey } from './api-keys.ts';
import { createOpenApi } from './openapi.ts';
import { requireLoopback } from './operators.ts';
import { createProblemWriter } from './problems.ts';
import { limitRate } from './rate-limit.ts';
import { createReadCounter } from './reads.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';
import { dataRoutes } from './routes/data.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { documentRoutes } from './routes/documents.ts';
import { type Erase, eraseRoutes } from './routes/erase.ts';
import { healthRoutes } from './routes/health.ts';
import { insertRoutes } from './routes/insert.ts';
import { recordRoutes } from './routes/records.ts';
import { writeRoutes } from './routes/writes.ts';
import { createWriter } from './writer.ts';

/** All that the records API is made of. */
export type ApiParts = {
  reader: Reader;
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  /** Orders writes through the API (records/version.ts). */
  writeClock: WriteClock;
  newId: NewId;
  clock: Clock;
  replay: Replay;
  erase: Erase;
  log: Logger;
  telemetry?: Pick<Telemetry, 'tracer' | 'instruments'>;
  isReady: () => boolean;
  settings: {
    /** None: everyone may read and write. Several: each is valid, so that they can be rotated. */
    apiKeys: readonly string[];
    /** What only operators may do is for these keys alone. None: any key may, or this machine where there are none at all. */
    operatorKeys?: readonly string[];
    /** For each client; no limit where absent. */
    requestsPerSecondMax?: number;
  };
};

/** The records API, ready for `listen` of base/http/server.ts. */
export function createApi(parts: ApiParts): Koa {
  const { log, telemetry, clock, settings } = parts;
  const instruments = telemetry?.instruments;
  const { apiKeys, operatorKeys = [] } = settings;
  const routes = createRoutes(parts);
  const isOpen = openTo(routes);

  const app = new Koa();
  app.on('error', (error: unknown, ctx?: Context) => logLateError(log, error, ctx));
  if (telemetry) app.use(traceRequests(telemetry));
  app.use(answerProblems({ log, write: createProblemWriter({ instruments }) }));
  app.use(securityHeaders());
  if (apiKeys.length > 0) app.use(requireApiKey({ keys: [...apiKeys, ...operatorKeys], isOpen }));
  if (settings.requestsPerSecondMax !== undefined) {
    app.use(limitRate({ requestsPerSecondMax: settings.requestsPerSecondMax, clock, isOpen }));
  }
  app.use(createRouter({ routes, guardsOf: ({ access }) => (access === 'operator' ? operatorGuards(settings) : []) }));
  return app;
}

/** Every endpoint of the API. */
export function createRoutes(parts: ApiParts): Route[] {
  const { telemetry, settings } = parts;
  const write = createWriter(parts);
  const countRead = createReadCounter({ ...parts, instruments: telemetry?.instruments });
  const routes: Route[] = [
    ...recordRoutes({ ...parts, countRead }),
    ...writeRoutes({ write }),
    ...eraseRoutes(parts),
    ...dataRoutes({ ...parts, countRead }),
    ...insertRoutes({ write }),
    ...deadLetterRoutes(parts),
    ...healthRoutes(parts),
    ...documentRoutes({ openApi: () => createOpenApi({ routes, refusals: access => refusalsOf(access, settings) }) }),
  ];
  return routes;
}

function operatorGuards({ apiKeys, operatorKeys = [] }: ApiParts['settings']): Middleware[] {
  if (operatorKeys.length === 0) return apiKeys.length > 0 ? [] : [requireLoopback()];
  return [
    apiKeys.length > 0 ? requireOperatorKey(operatorKeys) : requireApiKey({ keys: operatorKeys, isOpen: () => false }),
  ];
}

/** With what those are refused who may not: 401 asks for a key, and 403 says that another one, or another place, is needed. */
function refusalsOf(access: Route['access'], { apiKeys, operatorKeys = [] }: ApiParts['settings']): (401 | 403)[] {
  if (access === 'open') return [];
  const [isKeyed, isOperated] = [apiKeys.length > 0, operatorKeys.length > 0];
  if (access === 'client') return isKeyed ? [401] : [];
  return [...(isKeyed || isOperated ? [401 as const] : []), ...(isKeyed === isOperated ? [403 as const] : [])];
}

function openTo(routes: readonly Route[]): (ctx: Context) => boolean {
  const paths = new Set(routes.filter(({ access }) => access === 'open').map(({ path }) => path));
  return ({ method, path }) => (method === 'GET' || method === 'HEAD') && paths.has(path);
}

const CLIENT_GONE = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** What failed once the answer had begun; that a client has gone is no failure. */
function logLateError(log: Logger, error: unknown, ctx: Context | undefined): void {
  if (CLIENT_GONE.has((error as NodeJS.ErrnoException).code ?? '')) return;
  log.error({ err: error, method: ctx?.method, path: ctx?.path }, `An answer was cut off: ${messageOf(error)}`);
}
