import type { Kind } from '../resources/resources.ts';
import { alertRoutes } from './alerts.ts';
import { type Collection, createCollection } from './collection.ts';
import { channels, channelTypeRoutes } from './collections/channels.ts';
import { dashboards } from './collections/dashboards.ts';
import { groups, memberRoute } from './collections/groups.ts';
import { policies } from './collections/policies.ts';
import { objectives, services } from './collections/services.ts';
import { uptimeChecks, uptimeIps } from './collections/uptime.ts';
import { metricRoutes } from './descriptors/metrics.ts';
import { monitoredResourceRoutes } from './descriptors/resources.ts';
import { readMessage } from './messages/read.ts';
import type { Route } from './router.ts';
import { createRoutes, queryRoute } from './time-series/create.ts';
import { listRoute } from './time-series/list.ts';
import type { World } from './world.ts';

/** Everything that the API answers, and a way in for resources that have names already. */
export type Api = {
  routes: readonly Route[];
  /** Keeps a resource under its own name, checked as if it had come by HTTP; one of that name is replaced. */
  put(kind: Kind, json: object): void;
};

/** The Cloud Monitoring API v3, and v1 for dashboards. */
export function createApi(world: World): Api {
  const all: Collection[] = [
    ...[services(world), objectives(world), channels(world), uptimeChecks(world)],
    ...[policies(world), groups(world), dashboards(world)],
  ];
  const made = new Map(
    all.map(collection => [collection.kind, { collection, ...createCollection(collection, world) }]),
  );
  return {
    routes: [
      ...[...made.values()].flatMap(({ routes }) => routes),
      ...[...channelTypeRoutes(world), uptimeIps, memberRoute(world)],
      ...[...metricRoutes(world), ...monitoredResourceRoutes(world)],
      ...[listRoute(world), ...createRoutes(world), queryRoute, ...alertRoutes(world)],
    ],
    put(kind, json) {
      const { collection, put } = made.get(kind) ?? {};
      if (!collection || !put) throw new TypeError(`${kind} are not put by name`);
      put(readMessage(world.findMessage(collection.message), json));
    },
  };
}
