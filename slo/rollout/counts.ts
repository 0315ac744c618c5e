import type { Clients } from '../cloud-monitoring/clients.ts';
import { CALL_OPTIONS, readPages } from '../cloud-monitoring/patience.ts';
import { type Target, toFilter } from '../metric.ts';
import { cloudRunRequestCount } from '../sources/cloud-run.ts';
import type { Count } from '../statistics/two-sample.ts';

/** What a new revision and the old one have answered. */
export type Pair = { new: Count; old: Count };

/** Where that is read. */
export type Counts = {
  /** Requests, and those of them that failed, in samples that began at `fromMs` or later. None is zero. */
  between(fromMs: number, toMs: number, revisions: { new: string; old: string }): Promise<Pair>;
};

/** What Cloud Run counts, from Cloud Monitoring: an answer of 5xx has failed. */
export function cloudRunCounts(options: {
  clients: Pick<Clients, 'metrics'>;
  /** For messages: where the clients ask. */
  endpoint: string;
  service: { location: string; name: string };
  target: Target;
}): Counts {
  const { clients, endpoint, service, target } = options;
  return {
    async between(fromMs, toMs, { new: fresh, old }) {
      const { name, location } = service;
      const resourceLabels = { service_name: name, location, revision_name: [fresh, old] };
      const request = {
        name: `projects/${target.project}`,
        filter: toFilter({ ...cloudRunRequestCount(), resourceLabels }, target),
        interval: { startTime: { seconds: Math.floor(fromMs / 1000) }, endTime: { seconds: Math.ceil(toMs / 1000) } },
        view: 'FULL' as const,
      };
      const series = await readPages(
        async pageToken => {
          const [, , page] = await clients.metrics.listTimeSeries({ ...request, pageToken }, CALL_OPTIONS);
          // What is missing would be on one side of the comparison.
          const [trouble] = page?.executionErrors ?? [];
          if (trouble) throw new Error(`only a part can be read, for ${trouble.message}`);
          return { items: page?.timeSeries ?? [], nextPageToken: page?.nextPageToken };
        },
        { what: `the requests of ${fresh} and ${old}`, endpoint },
      );
      const pair = { new: { total: 0, bad: 0 }, old: { total: 0, bad: 0 } };
      for (const { resource, metric, points } of series) {
        const count = resource?.labels?.revision_name === fresh ? pair.new : pair.old;
        // A sample that began before holds requests that are not meant: those of a load test, for one.
        const sum = (points ?? [])
          .filter(({ interval }) => Number(interval?.startTime?.seconds) * 1000 >= fromMs)
          .reduce((total, { value }) => total + Number(value?.int64Value ?? 0), 0);
        count.total += sum;
        if (metric?.labels?.response_code_class === '5xx') count.bad += sum;
      }
      return pair;
    },
  };
}
