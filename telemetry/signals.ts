import type { Meter, MetricOptions, ObservableGauge } from '@opentelemetry/api';
import { boundaries } from './boundaries.ts';
import { createCounter, createHistogram } from './recorders.ts';
import type { InstrumentOf, ObservedGauge, Signal } from './signal-types.ts';

/** The methods told apart; any other is `_OTHER`, so that a client cannot make new series. */
export const httpMethods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
  '_OTHER',
] as const;

/** Every metric that we emit. What is not listed here cannot be recorded, and a spec cannot name it. */
export const signals = {
  httpServerDuration: {
    name: 'http.server.request.duration',
    unit: 's',
    kind: 'histogram',
    attributes: {
      'http.request.method': { values: httpMethods },
      'http.route': { values: 'text', optional: true },
      // Lacking where the client went away before the first byte of the answer.
      'http.response.status_code': { values: 'integer', optional: true },
      'url.scheme': { values: ['http', 'https'] },
      'error.type': { values: 'text', optional: true },
      synthetic: { values: ['true'], optional: true },
    },
    why: 'How long requests take until the last byte is sent: the latency SLI, and by status the availability SLI.',
  },
  reads: {
    name: 'records.reads',
    unit: '{read}',
    kind: 'counter',
    attributes: { fresh: { values: ['true', 'false'] } },
    why: 'Reads answered from data as young as promised, or older: the freshness SLI.',
  },
  writes: {
    name: 'records.writes',
    unit: '{record}',
    kind: 'counter',
    attributes: { outcome: { values: ['stored', 'failed'] } },
    why: 'Records written through the API: the durability of writes as their clients see it.',
  },
  refused: {
    name: 'api.requests.refused',
    unit: '{request}',
    kind: 'counter',
    attributes: { reason: { values: ['api_key', 'rate_limit', 'body', 'draining'] } },
    why: 'Requests turned away before any work was done: tells a misused API from a broken one.',
  },
  messages: {
    name: 'ingest.messages',
    unit: '{message}',
    kind: 'counter',
    attributes: {
      delivery: { values: ['push', 'pull'] },
      outcome: { values: ['stored', 'dead_lettered', 'failed'] },
    },
    why: 'Deliveries received, by what became of them: the ingest SLI.',
  },
  publishToCommit: {
    name: 'ingest.publish_to_commit.duration',
    unit: 's',
    kind: 'histogram',
    attributes: {},
    why: 'From publish to durable in the warehouse: how late data becomes readable.',
  },
  appendDuration: {
    name: 'warehouse.append.duration',
    unit: 's',
    kind: 'histogram',
    attributes: { outcome: { values: ['ok', 'error'] } },
    why: 'How long the warehouse takes to commit a batch: shows a slow dependency before the backlog does.',
  },
  appendedRows: {
    name: 'warehouse.append.rows',
    unit: '{row}',
    kind: 'counter',
    attributes: { outcome: { values: ['stored', 'refused', 'failed'] } },
    why: 'Rows handed to the warehouse, by what became of them: failed rows come again, refused ones do not.',
  },
  queries: {
    name: 'warehouse.queries',
    unit: '{query}',
    kind: 'counter',
    attributes: {},
    why: 'Queries sent to the warehouse, each of which is billed: reads answered from the replica send none.',
  },
  replicaAge: {
    name: 'replica.age',
    unit: 's',
    kind: 'gauge',
    attributes: {},
    why: 'How old what the replica serves may be: above the freshness threshold its reads count as stale.',
  },
  replicaRecords: {
    name: 'replica.records',
    unit: '{record}',
    kind: 'gauge',
    attributes: {},
    why: 'Records in the replica: its file, and the memory under it, must be grown before it is full.',
  },
  deadLettered: {
    name: 'ingest.dead_letters',
    unit: '{message}',
    kind: 'counter',
    attributes: {
      reason: {
        values: [
          'no_data',
          'not_base64',
          'not_utf8',
          'not_json',
          'invalid_record',
          'too_large',
          'row_refused',
          'attempts_exhausted',
        ],
      },
    },
    why: 'Messages that could not become records, by reason: a jump is a broken producer.',
  },
  replayed: {
    name: 'ingest.replays',
    unit: '{message}',
    kind: 'counter',
    attributes: { outcome: { values: ['stored', 'refused'] } },
    why: 'Dead letters tried again after a fix: whether the fix worked.',
  },
  published: {
    name: 'topic.published',
    unit: '{message}',
    kind: 'counter',
    attributes: { outcome: { values: ['accepted', 'refused'] } },
    why: 'Messages handed to the topic: what ingest can be measured against.',
  },
  backlogMessages: {
    name: 'topic.backlog.messages',
    unit: '{message}',
    kind: 'gauge',
    attributes: {},
    why: 'Messages not acknowledged yet: whether ingest keeps up.',
  },
  oldestUnacked: {
    name: 'topic.oldest_unacked_age',
    unit: 's',
    kind: 'gauge',
    attributes: {},
    why: 'Age of the oldest message not acknowledged yet: how far behind ingest is.',
  },
  deadLettersWaiting: {
    name: 'ingest.dead_letters.waiting',
    unit: '{message}',
    kind: 'gauge',
    attributes: {},
    why: 'Dead letters that nobody has replayed: data that is not lost, but not readable either.',
  },
  expired: {
    name: 'topic.expired',
    unit: '{message}',
    kind: 'counter',
    attributes: {},
    why: 'Messages dropped because their retention ran out: lost data, and never expected.',
  },
  probePaths: {
    name: 'probe.paths',
    unit: '{probe}',
    kind: 'counter',
    attributes: { outcome: { values: ['ok', 'late', 'wrong', 'failed'] } },
    why: 'Walks of the prober along the whole path, by what came of them: the SLI that no single service can give.',
  },
  probePathDuration: {
    name: 'probe.path.duration',
    unit: 's',
    kind: 'histogram',
    attributes: {},
    why: 'From publish until the API serves it, or as long as was waited: how far the whole path is from its threshold.',
  },
  telemetryDropped: {
    name: 'telemetry.dropped',
    unit: '{item}',
    kind: 'counter',
    attributes: {
      signal: { values: ['traces', 'metrics', 'logs'] },
      reason: { values: ['queue_full', 'export_failed'] },
    },
    why: 'Spans, metric points and log records that never left the process: how far the rest can be trusted.',
  },
  memory: {
    name: 'process.memory.usage',
    unit: 'By',
    kind: 'gauge',
    attributes: {},
    why: 'Resident memory: a leak shows here before the container is killed for it.',
  },
  eventLoopDelay: {
    name: 'nodejs.eventloop.delay.p99',
    unit: 's',
    kind: 'gauge',
    attributes: {},
    why: 'The 99th percentile of event loop delay since the last collection: latency that is our own doing.',
  },
} as const satisfies Readonly<Record<string, Signal>>;

/** What records each metric of the registry. */
export type Instruments = { readonly [K in keyof typeof signals]: InstrumentOf<(typeof signals)[K]> };

/** Makes one instrument for each metric of the registry. */
export function createInstruments(meter: Meter): Instruments {
  // Any observed instrument would do: its callbacks run first in a collection.
  const observed = meter.createObservableGauge(signals.memory.name, describe(signals.memory));
  const onCollect = (run: () => void) => observed.addCallback(run);
  return Object.fromEntries(
    Object.entries(signals).map(([key, signal]) => [key, createInstrument(meter, signal, onCollect)]),
  ) as Instruments;
}

function createInstrument(
  meter: Meter,
  signal: (typeof signals)[keyof typeof signals],
  onCollect: (run: () => void) => void,
) {
  const { name } = signal;
  const options = describe(signal);
  const keys = Object.keys(signal.attributes);
  switch (signal.kind) {
    case 'counter':
      return createCounter({ counter: meter.createObservableCounter(name, options), keys });
    case 'histogram': {
      const advice = { explicitBucketBoundaries: [...boundaries[signal.name]] };
      return createHistogram({ histogram: meter.createHistogram(name, { ...options, advice }), keys, onCollect });
    }
    case 'gauge':
      return createObservedGauge(meter.createObservableGauge(name, options));
  }
}

function describe({ unit, why }: Signal): MetricOptions {
  return { unit, description: why };
}

function createObservedGauge(gauge: ObservableGauge): ObservedGauge {
  return {
    observe(read) {
      gauge.addCallback(async result => {
        const value = await read();
        if (value !== undefined) result.observe(value);
      });
    },
  };
}
