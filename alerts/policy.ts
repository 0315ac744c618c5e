import type { Catalogue, ServiceEntry } from '../slo/catalogue.ts';
import { userLabelsOf } from '../slo/compile.ts';
import type { AlertPolicy } from '../slo/resources/alerting.ts';
import type { Severity } from '../slo/tiers.ts';

const SEVERITY = { page: 'CRITICAL', ticket: 'WARNING' } as const;

/** What every policy of a service has: its name, whom it reaches, and the labels by which the others find it. */
export function policyOf(options: {
  target: Catalogue['target'];
  service: ServiceEntry;
  id: string;
  severity: Severity;
  displayName: string;
  labels: Readonly<Record<string, string>>;
  autoCloseSeconds: number;
}): Omit<AlertPolicy, 'conditions' | 'combiner' | 'documentation'> {
  const { target, service, severity } = options;
  const { project, nameSuffix } = target;
  return {
    name: `projects/${project}/alertPolicies/${service.id}-${options.id}${nameSuffix}`,
    displayName: options.displayName + nameSuffix,
    enabled: true,
    severity: SEVERITY[severity],
    alertStrategy: { autoClose: `${options.autoCloseSeconds}s` },
    notificationChannels: service.channels[severity].map(
      ({ id }) => `projects/${project}/notificationChannels/${id}${nameSuffix}`,
    ),
    userLabels: { ...userLabelsOf(service), service: service.id.toLowerCase(), severity, ...options.labels },
  };
}
