import type { Catalogue } from '../slo/catalogue.ts';
import type { AlertPolicy } from '../slo/resources/alerting.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import { fleetDashboard } from './fleet.ts';
import { pipelineDashboard } from './pipeline.ts';
import { serviceDashboard } from './service.ts';
import { signalsOf } from './signals.ts';

/** A dashboard for each service, one for the ingest pipeline where there is one, and one for the fleet; each below 40 widgets. */
export function compileDashboards(compiled: { catalogue: Catalogue; policies: readonly AlertPolicy[] }): Dashboard[] {
  const { catalogue, policies } = compiled;
  const { services, target } = catalogue;
  if (services.length === 0) return [];
  const byService = Map.groupBy(policies, ({ userLabels }) => userLabels.service);
  const signals = services.map(service => signalsOf(service, target));
  const pipeline = pipelineDashboard(signals.flat(), target);
  return [
    ...services.map((service, index) => {
      const own = { signals: signals[index] ?? [], policies: byService.get(service.id.toLowerCase()) ?? [] };
      return serviceDashboard(service, own, target);
    }),
    ...(pipeline ? [pipeline] : []),
    fleetDashboard(catalogue, policies),
  ];
}
