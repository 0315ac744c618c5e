import type { Labels, SeriesIdentity } from '../model.ts';
import type { Comparison, Filter, Order } from './parse.ts';

/** Whether a filter selects a series. A label that a series lacks is an empty text. */
export function matches(filter: Filter, series: SeriesIdentity, project: string): boolean {
  return matchesBy(filter, field => fieldOf(field, series, project));
}

/** Whether a filter selects what has these fields. */
export function matchesBy(filter: Filter, textOf: (field: string) => string): boolean {
  switch (filter.op) {
    case 'and':
      return filter.parts.every(part => matchesBy(part, textOf));
    case 'or':
      return filter.parts.some(part => matchesBy(part, textOf));
    case 'not':
      return !matchesBy(filter.part, textOf);
    case 'compare':
      return compares(filter.comparison, textOf(filter.field));
  }
}

/** The one metric type that a filter names, where it does: what every selected series has. */
export function metricTypeOf(filter: Filter): string | undefined {
  if (filter.op === 'and') return filter.parts.map(metricTypeOf).find(type => type !== undefined);
  if (filter.op !== 'compare' || filter.field !== 'metric.type' || filter.comparison.test !== 'equals')
    return undefined;
  return filter.comparison.value;
}

function compares(comparison: Comparison, value: string): boolean {
  switch (comparison.test) {
    case 'equals':
      return value === comparison.value;
    case 'starts_with':
      return value.startsWith(comparison.value);
    case 'ends_with':
      return value.endsWith(comparison.value);
    case 'has_substring':
      return value.includes(comparison.value);
    case 'one_of':
      return comparison.values.includes(value);
    case 'full_match':
      return comparison.pattern.test(value);
    default:
      return isInOrder(comparison.test, value, comparison.value);
  }
}

const TIME = /^\d{4}-\d\d-\d\d(?:T|$)/;
const timeOf = (text: string) => (TIME.test(text) ? Date.parse(text) : Number.NaN);

/** Numbers are compared as such, times too, and other texts by their characters. What is not there is in no order. */
function isInOrder(order: Order, value: string, other: string | number): boolean {
  if (value.trim() === '') return false;
  const read = [Number, timeOf].find(read => !Number.isNaN(read(value)) && !Number.isNaN(read(String(other))));
  if (!read && typeof other === 'number') return false;
  const [a, b] = read ? [read(value), read(String(other))] : [value, other];
  switch (order) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** A label's value; an empty text where there is none. */
export function labelOf(labels: Labels, key: string): string {
  // `constructor` is no label, though every object has one.
  return Object.hasOwn(labels, key) ? (labels[key] as string) : '';
}

function fieldOf(field: string, { metric, resource }: SeriesIdentity, project: string): string {
  if (field === 'metric.type') return metric.type;
  if (field === 'resource.type') return resource.type;
  if (field === 'project') return labelOf(resource.labels, 'project_id') || project;
  if (field.startsWith('metric.labels.')) return labelOf(metric.labels, field.slice('metric.labels.'.length));
  if (!field.startsWith('resource.labels.')) return '';
  const key = field.slice('resource.labels.'.length);
  return labelOf(resource.labels, key) || (key === 'project_id' ? project : '');
}
