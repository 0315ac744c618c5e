import {
  defaultResource,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';

const { env } = process;

/**
 * Who emits: `service` unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` say otherwise, an instance id of this process
 * and, on Cloud Run, where it runs. Google drops points without a location: there `GOOGLE_CLOUD_REGION` must be set, for Cloud
 * Run itself sets no region. Attributes of the host and the process are sent only where `OTEL_NODE_RESOURCE_DETECTORS` asks.
 */
export function resourceOptions(service: string) {
  return {
    baseResource: defaultResource().merge(resourceFromAttributes({ 'service.name': service, ...cloudRunAttributes() })),
    ...(!env.OTEL_NODE_RESOURCE_DETECTORS && {
      resourceDetectors: [serviceInstanceIdDetector, serviceNameEnvDetector],
    }),
  } satisfies { baseResource: Resource };
}

function cloudRunAttributes(): Record<string, string> {
  if (!env.K_SERVICE) return {};
  const attributes = {
    'cloud.provider': 'gcp',
    'cloud.platform': 'gcp_cloud_run',
    'faas.name': env.K_SERVICE,
    'faas.version': env.K_REVISION,
    'cloud.region': env.GOOGLE_CLOUD_REGION,
    'gcp.project_id': env.GOOGLE_CLOUD_PROJECT,
  };
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
