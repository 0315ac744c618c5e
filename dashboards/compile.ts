import type { Catalogue } from '../slo/catalogue.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import { fleetDashboard } from './fleet.ts';
import type { NamedPolicy } from './incidents.ts';
import { pipelineDashboard } from './pipeline.ts';
import { serviceDashboard } from './service.ts';
import { type Signal, signalsOf } from './signals.ts';

/**
 * A dashboard for each service, one for the ingest pipeline where there is one, and one for the fleet; each below 40 widgets. They are
 * made one by one: all of them together are much to keep.
 */
export function* compileDashboards(compiled: {
  catalogue: Catalogue;
  policies: readonly NamedPolicy[];
}): Generator<Dashboard> {
  const { catalogue, policies } = compiled;
  const { services, target } = catalogue;
  if (services.length === 0) return;
  const byService = Map.groupBy(policies, ({ userLabels }) => userLabels.service);
  const all: Signal[] = [];
  for (const service of services) {
    const signals = signalsOf(service, target);
    all.push(...signals);
    yield serviceDashboard(service, { signals, policies: byService.get(service.id.toLowerCase()) ?? [] }, target);
  }
  const pipeline = pipelineDashboard(all, target);
  if (pipeline) yield pipeline;
  yield fleetDashboard(catalogue, policies);
}
