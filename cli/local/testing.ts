import { compile } from '../../exports/compile.ts';
import { matches } from '../../monitoring/filter/match.ts';
import { type Filter, parseFilter } from '../../monitoring/filter/parse.ts';
import type { SeriesIdentity } from '../../monitoring/model.ts';
import { ingest } from '../../slo/services/ingest.slo.ts';
import { path } from '../../slo/services/path.slo.ts';
import { recordsApi } from '../../slo/services/records-api.slo.ts';
import { warehouse } from '../../slo/services/warehouse.slo.ts';

/** Where the tests stand in for a platform: the location that our specs name. */
export const place = { project: 'local', location: 'us-central1' } as const;

/** Our own specs, as the local platform loads them. */
export const compiled = compile([recordsApi, ingest, warehouse, path], { project: place.project, nameSuffix: '' });

/** Every filter of series in resources, each once, with the metrics that it is of. */
export function filtersIn(resources: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(resources, (_key, value: unknown) => {
    if (typeof value === 'string' && value.startsWith('metric.type=')) found.add(value);
    return value;
  });
  return [...found];
}

/** Those of the filters that select none of the series. */
export function selectingNone(filters: readonly string[], series: readonly SeriesIdentity[]): string[] {
  const selects = (filter: Filter) => series.some(one => matches(filter, one, place.project));
  return filters.filter(text => !selects(parseFilter(text)));
}
