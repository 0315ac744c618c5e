import {
  above,
  absent,
  burnRateAlerts,
  cloudRun,
  counter,
  gauge,
  histogram,
  latency,
  moreThan,
  objective,
  pubsubOldestUnackedAge,
  ratio,
  service,
} from 'burnline';
import { signals } from '../../telemetry/signals.ts';

const backlogAge = pubsubOldestUnackedAge('data-ingestion-subscription');

export const ingest = service('ingest', {
  title: 'Ingest',
  owner: 'data-platform',
  runsOn: cloudRun({ service: 'records-ingest', location: 'us-central1' }),
  slos: [
    objective({
      id: 'stored',
      title: 'Messages are stored',
      goal: 0.999,
      period: '28d',
      sli: ratio(signals.messages, { bad: { outcome: 'failed' } }),
      // One append that fails takes the messages of its batch with it, and while little was delivered that is a large share.
      alerts: burnRateAlerts({ badEventsAbove: 10 }),
      why: 'A delivery that fails comes again, and costs an attempt: many failures fill the backlog and end in the dead letters. What became a dead letter is the producer’s fault and counts as good.',
    }),
    latency({
      id: 'publish-to-commit',
      title: 'Published to committed within 60 s',
      goal: 0.99,
      under: '60s',
      period: '28d',
      sli: histogram(signals.publishToCommit),
      why: 'Analysts are promised data of the last minutes. It is measured per message, so a backlog of old ones shows with its whole weight.',
    }),
  ],
  traffic: { quietestHour: 2000 },
  dependsOn: [
    { service: 'Pub/Sub', promises: 0.9995, synchronous: false },
    { service: 'BigQuery', promises: 0.9999, synchronous: false },
  ],
  discarded: [
    { sli: 'Share of dead letters', why: 'It measures the producers: a broken one would freeze our deploys.' },
    {
      sli: 'Age of the oldest message as an SLI',
      why: 'One stuck message holds it up while thousands flow. It is watched as a cause, and shows a backlog early.',
    },
    {
      sli: 'Number of messages waiting',
      why: 'A thousand waiting is a second of work or an hour: only their age tells.',
    },
    { sli: 'Rows that BigQuery says it was given', why: 'That metric is shown up to six hours late.' },
  ],
  alerts: burnRateAlerts(),
  causes: [
    moreThan(5, {
      id: 'append-errors',
      title: 'Append errors',
      of: counter(signals.appendedRows, { outcome: ['failed', 'refused'] }),
      in: '10m',
      why: 'Rows that the warehouse did not take. Few come again and are stored; many are the start of an outage or of a schema that does not fit.',
    }),
    moreThan(0, {
      id: 'dead-letters',
      title: 'New dead letters',
      of: counter(signals.deadLettered),
      in: '10m',
      why: 'A producer sends what cannot be a record, or good messages have used up their attempts. Nothing is lost, and nothing is readable either.',
    }),
    above(300, {
      id: 'backlog-age',
      title: 'Old backlog',
      of: backlogAge,
      for: '10m',
      why: 'Ingest does not keep up, or stands still. At 15 hours of it good messages begin to end in the dead letters.',
    }),
    above(0, {
      id: 'dead-letters-waiting',
      title: 'Dead letters wait for a replay',
      of: gauge(signals.deadLettersWaiting),
      for: '1h',
      why: 'Data that was accepted and that nobody can read, until somebody replays it.',
    }),
    absent({
      id: 'backlog-no-data',
      title: 'No data for the backlog',
      of: backlogAge,
      for: '30m',
      why: 'Pub/Sub reports it for every subscription: without it the subscription is gone.',
    }),
  ],
  freeze: { below: 0.1 },
  runbook: 'runbooks/ingest.md',
  labels: { team: 'data-platform' },
});
