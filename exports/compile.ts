import { compileAlerts } from '../alerts/compile.ts';
import { compileDashboards } from '../dashboards/compile.ts';
import type { Catalogue } from '../slo/catalogue.ts';
import { compileServices } from '../slo/compile.ts';
import type { Target } from '../slo/metric.ts';
import type { AlertPolicy, NotificationChannel, UptimeCheckConfig } from '../slo/resources/alerting.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import type { Service, ServiceLevelObjective } from '../slo/resources/service.ts';
import type { ServiceSpec } from '../slo/service.ts';

/** Objects of the Cloud Monitoring API, each in its own REST JSON. */
export type Resources = {
  services: readonly Service[];
  objectives: readonly ServiceLevelObjective[];
  policies: readonly AlertPolicy[];
  channels: readonly NotificationChannel[];
  uptimeChecks: readonly UptimeCheckConfig[];
  dashboards: readonly Dashboard[];
};

/** The model in the middle: what deploys, and what the API cannot hold of it. */
export type Compiled = { resources: Resources; catalogue: Catalogue };

/** Compiles specs for a project and environment. Everything downstream reads what comes out, and no spec. */
export function compile(specs: readonly ServiceSpec[], target: Target): Compiled {
  const { services, objectives, catalogue } = compileServices(specs, target);
  const alerts = compileAlerts(catalogue);
  const dashboards = [...compileDashboards({ catalogue, policies: alerts.policies })];
  return { resources: { services, objectives, ...alerts, dashboards }, catalogue };
}
