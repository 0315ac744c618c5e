import { burnRateAlerts, cloudRun, histogram, objective, ratio, service, slowerThan } from 'burnline';
import { signals } from '../../telemetry/signals.ts';

export const path = service('records-path', {
  title: 'Whole path',
  owner: 'data-platform',
  runsOn: cloudRun({ service: 'records-prober', location: 'us-central1' }),
  slos: [
    objective({
      id: 'served',
      title: 'Published is served within 60 s, as it was published',
      goal: 0.99,
      period: '28d',
      sli: ratio(signals.probePaths, { bad: { outcome: { not: 'ok' } } }),
      why: 'Each service can keep its promises while a record is late, lost or changed between them. A prober publishes records each minute, and what counts is that topic, table and API then hold the same. At 99.9 % one late probe alone would page, for 60 an hour are fewer than the 75 that it takes: 99 % is what one a minute can show.',
    }),
  ],
  // One a minute, and one that waits its 60 s delays the next.
  traffic: { quietestHour: 50 },
  dependsOn: [
    { service: 'Pub/Sub', promises: 0.9995, synchronous: true },
    { service: 'BigQuery', promises: 0.9999, synchronous: true },
    { service: 'Cloud Run', promises: 0.9995, synchronous: true },
  ],
  discarded: [
    {
      sli: 'Users’ own records, found again at the API',
      why: 'Nobody knows what was published but the producer, and to compare all of them is to query the whole table.',
    },
    {
      sli: 'Publish to commit plus age of the replica',
      why: 'Sums of percentiles are no percentile, and neither sees a field that was lost.',
    },
    {
      sli: 'Dead letters of the prober',
      why: 'A poison message each minute would keep the alert on dead letters firing.',
    },
  ],
  // In the first minutes, one probe of a few is more than a page takes.
  alerts: burnRateAlerts({ badEventsAbove: 2 }),
  causes: [
    slowerThan('30s', {
      id: 'slow-path',
      title: 'Slow path',
      of: histogram(signals.probePathDuration),
      percentile: 50,
      for: '10m',
      why: 'Half of the time is used by the half of the probes: the backlog or the replica falls behind, and no budget is spent yet.',
    }),
  ],
  freeze: { below: 0.1 },
  runbook: 'runbooks/path.md',
  labels: { team: 'data-platform' },
});
