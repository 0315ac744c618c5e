import { filterErrors } from './errors.ts';
import { type Filter, parseFilter } from './parse.ts';

const FIELD = /^(?:(?:metric|resource)\.(?:type|labels\..+)|project)$/;
const FIELDS = 'metric.type, metric.labels.KEY, resource.type, resource.labels.KEY and project';

/** Parses a filter of series. Throws `filter_invalid`, also where it asks for a field that no series has here. */
export function parseSeriesFilter(text: string): Filter {
  const filter = parseFilter(text);
  const unknown = unknownFieldOf(filter);
  if (unknown === undefined) return filter;
  throw filterErrors.error('filter_invalid', `The filter has the field ${unknown}, and series have ${FIELDS}: ${text}`);
}

function unknownFieldOf(filter: Filter): string | undefined {
  if (filter.op === 'compare') return FIELD.test(filter.field) ? undefined : filter.field;
  const parts = filter.op === 'not' ? [filter.part] : filter.parts;
  return parts.map(unknownFieldOf).find(field => field !== undefined);
}
