import { labelOf } from '../filter/match.ts';
import type { Labels } from '../model.ts';

/** What series are grouped by: their labels, and what they are of. */
type Labelled = { type: string; labels: Labels };

/** `metric.labels.code`, `resource.label."zone"`, `resource.type` and so on, of a series. */
export function textOf({ metric, resource }: { metric: Labelled; resource: Labelled }, field: string): string {
  const [of, what] = field.split('.');
  const from = of === 'metric' ? metric : resource;
  return what === 'type' ? from.type : labelOf(from.labels, keyOf(field));
}

/** The labels that fields name, of a metric's or a resource's, as far as they are there. */
export function labelsOf(labels: Labels, of: 'metric' | 'resource', fields: readonly string[]): Labels {
  const keys = fields.filter(field => field.startsWith(`${of}.label`)).map(keyOf);
  return Object.fromEntries(keys.filter(key => Object.hasOwn(labels, key)).map(key => [key, labelOf(labels, key)]));
}

const keyOf = (field: string) => field.split('.').slice(2).join('.').replaceAll('"', '');
