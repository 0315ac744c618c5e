import { availability, burnRateAlerts, cloudRun, histogram, latency, ratio, service, slowerThan } from 'burnline';
import { signals } from '../../telemetry/signals.ts';

const appends = histogram(signals.appendDuration, { outcome: 'ok' });

export const warehouse = service('warehouse', {
  title: 'Warehouse',
  owner: 'data-platform',
  runsOn: cloudRun({ service: 'records-ingest', location: 'us-central1' }),
  slos: [
    availability({
      id: 'appends',
      title: 'Rows are taken',
      goal: 0.999,
      period: '28d',
      sli: ratio(signals.appendedRows, { bad: { outcome: 'failed' } }),
      // One append that fails is a batch of rows, and while few were appended that is a large share.
      alerts: burnRateAlerts({ badEventsAbove: 10 }),
      why: 'BigQuery as ingest meets it: 99.99 % is promised to us, and a thousandth of failed rows, all of which come again, is what the backlog swallows unseen.',
    }),
    latency({
      id: 'append-latency',
      title: 'Appends take under 1s',
      goal: 0.99,
      under: '1s',
      period: '28d',
      sli: appends,
      why: 'A slow warehouse is the first half of an outage: batches queue behind it, and a minute later the backlog shows.',
    }),
  ],
  traffic: { quietestHour: 2000 },
  dependsOn: [{ service: 'BigQuery', promises: 0.9999, synchronous: true }],
  discarded: [
    { sli: 'Errors in BigQuery’s own metrics', why: 'The Storage Write API counts a stream as one call, for days.' },
    { sli: 'Bytes and slots in use', why: 'They are cost, and stand in the budget alert.' },
  ],
  alerts: burnRateAlerts(),
  causes: [
    slowerThan('1s', {
      id: 'slow-appends',
      title: 'Slow appends',
      of: appends,
      for: '10m',
      why: 'It comes before the backlog.',
    }),
  ],
  freeze: { below: 0.05 },
  runbook: 'runbooks/warehouse.md',
  labels: { team: 'data-platform' },
});
