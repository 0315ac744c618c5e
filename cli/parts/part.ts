import type { RequestListener } from 'node:http';
import type { Middleware } from 'koa';
import type { Route } from '../../app/route.ts';
import type { Clock } from '../../base/clock.ts';
import type { Listening } from '../../base/http/server.ts';
import type { Reader } from '../../records/reader.ts';
import type { Warehouse } from '../../records/warehouse.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Telemetry } from '../../telemetry/start.ts';
import type { Stores } from '../open-stores.ts';
import type { Settings } from '../settings.ts';

/** A part of the platform that can run in a process of its own. */
export const services = ['api', 'ingest', 'worker'] as const;
export type Service = (typeof services)[number];

/** What can be the one thing that a process runs: also the prober, which stands outside the platform and looks at it. */
export const processes = [...services, 'prober'] as const;
export type Process = (typeof processes)[number];

/** Looks at the requests of a part as they come and end; what it answers takes the place of the listener. */
export type Observe = (service: Service, handler: RequestListener) => RequestListener;

/** What a test or a failure flag puts between the platform and its parts. */
export type Wrap = {
  warehouse?(warehouse: Warehouse): Warehouse;
  reader?(reader: Reader): Reader;
  /** What requests to the API go through before they reach its routes: behind all that measures and guards. */
  api?(routes: readonly Route[]): Middleware;
};

/** What a part is given. */
export type PartOptions = {
  settings: Settings;
  stores: Stores;
  telemetry: Telemetry;
  log: Logger;
  clock: Clock;
  /** False once the process is ending. */
  isOpen(): boolean;
  /** The one service that runs here, where it is not the whole platform. */
  only: Service | undefined;
  wrapApi: Wrap['api'];
  observe: Observe;
};

/** A part that runs. */
export type Part = { listening?: Listening; stop(): Promise<void> };
