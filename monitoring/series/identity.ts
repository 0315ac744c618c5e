import type { Labels, SeriesIdentity } from '../model.ts';

/** What identifies a series, the same text for the same labels in any order. */
export function keyOf({ metric, resource }: Pick<SeriesIdentity, 'metric' | 'resource'>): string {
  return JSON.stringify([metric.type, sorted(metric.labels), resource.type, sorted(resource.labels)]);
}

/** What a key identifies. */
export function identityOf(key: string): Pick<SeriesIdentity, 'metric' | 'resource'> {
  const [type, labels, resourceType, resourceLabels] = JSON.parse(key);
  return {
    metric: { type, labels: Object.fromEntries(labels) },
    resource: { type: resourceType, labels: Object.fromEntries(resourceLabels) },
  };
}

function sorted(labels: Labels): [string, string][] {
  return Object.keys(labels)
    .sort()
    .map(key => [key, labels[key] as string]);
}
