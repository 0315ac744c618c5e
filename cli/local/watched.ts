import type { Catalogue } from '../../slo/catalogue.ts';
import { seriesOf } from '../../slo/causes.ts';
import type { Metric } from '../../slo/metric.ts';
import { selectionsOf } from '../../slo/sli.ts';

/** The metrics that SLOs and alerts on causes look at. */
export function watchedMetrics({ services }: Catalogue): Metric[] {
  return services.flatMap(({ objectives, causes }) => [
    ...objectives.flatMap(({ sli }) => selectionsOf(sli).map(({ metric }) => metric)),
    ...causes.map(({ when }) => seriesOf(when).metric),
  ]);
}
