import { showValue } from '../../base/errors.ts';
import type { SeriesIdentity } from '../model.ts';
import type { Attributes } from './ports.ts';
import { type Refusal, refuse } from './refusals.ts';
import { toLabel } from './values.ts';

// The attributes of a resource that give the labels of a target, the first that is not empty.
const LOCATION = ['location', 'cloud.availability_zone', 'cloud.region'];
const INSTANCE = ['instance', 'service.instance.id', 'faas.instance', 'k8s.pod.name', 'host.id'];
const CLUSTER = ['cluster', 'k8s.cluster.name'];
const NAMESPACE = ['namespace', 'k8s.namespace.name', 'service.namespace'];
const WORKLOAD = [
  ...['faas.name', 'k8s.deployment.name', 'k8s.statefulset.name', 'k8s.daemonset.name', 'k8s.job.name'],
  'k8s.cronjob.name',
];

const PLATFORM_CLUSTERS = new Map([
  ['gcp_compute_engine', '__gce__'],
  ['gcp_cloud_run', '__run__'],
]);

/**
 * The monitored resource that Google writes every OTLP point to. Without a location or an instance there is none, as there.
 *
 * @see https://docs.cloud.google.com/stackdriver/docs/reference/telemetry/v1.metrics
 */
export function targetOf(attributes: Attributes, project: string): SeriesIdentity['resource'] | Refusal {
  const text = (key: string) => toLabel(attributes[key] ?? '');
  const first = (keys: readonly string[]) => keys.map(text).find(value => value !== '') ?? '';
  const lacking = (reason: 'no_location' | 'no_instance', keys: readonly string[]) =>
    refuse(
      reason,
      `service ${showValue(text('service.name'))} has none of the resource attributes ${keys.join(', ')}: ` +
        'set one, by OTEL_RESOURCE_ATTRIBUTES for example',
    );

  const location = first(LOCATION);
  if (location === '') return lacking('no_location', LOCATION);
  const instance = first(INSTANCE);
  if (instance === '') return lacking('no_instance', INSTANCE);
  return {
    type: 'prometheus_target',
    labels: {
      project_id: text('gcp.project_id') || project,
      location,
      cluster: first(CLUSTER) || (PLATFORM_CLUSTERS.get(text('cloud.platform')) ?? ''),
      namespace: first(NAMESPACE),
      job: text('job') || jobOf(text, first),
      instance,
    },
  };
}

function jobOf(text: (key: string) => string, first: (keys: readonly string[]) => string): string {
  const [service, namespace] = [text('service.name'), text('service.namespace')];
  if (service !== '' && namespace !== '') return `${namespace}/${service}`;
  // SDKs fill in such a name where nobody gave one, so that anything else says more.
  return service.startsWith('unknown_service') ? first(WORKLOAD) || service : service || first(WORKLOAD);
}
