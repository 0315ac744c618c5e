import type {
  BoolGauge,
  Counter,
  Distribution,
  Gauge,
  Matches,
  Metric,
  MetricKind,
  Selection,
  ValueType,
} from '../metric.ts';
import type { Latencies, RatioSli } from '../sli.ts';

function select<K extends MetricKind, V extends ValueType>(
  subscription: string,
  metric: Pick<Metric<K, V>, 'kind' | 'value' | 'unit' | 'visibleAfterSeconds'> & { name: string },
  labels: Matches = {},
): Selection<K, V> {
  const { name, ...rest } = metric;
  return {
    metric: {
      ...{ type: `pubsub.googleapis.com/subscription/${name}`, resource: 'pubsub_subscription', sampleSeconds: 60 },
      ...rest,
    },
    labels,
    resourceLabels: { subscription_id: { name: subscription } },
  };
}

/** Age of the oldest message that is not acknowledged, in seconds. */
export function pubsubOldestUnackedAge(subscription: string): Gauge {
  const name = 'oldest_unacked_message_age';
  return select(subscription, { name, kind: 'GAUGE', value: 'INT64', unit: 's', visibleAfterSeconds: 120 });
}

/** Messages that are not acknowledged. */
export function pubsubUndelivered(subscription: string): Gauge {
  const name = 'num_undelivered_messages';
  return select(subscription, { name, kind: 'GAUGE', value: 'INT64', unit: '1', visibleAfterSeconds: 120 });
}

/** Messages that Pub/Sub has given up on and forwarded to the dead-letter topic. */
export function pubsubDeadLettered(subscription: string): Counter {
  const name = 'dead_letter_message_count';
  return select(subscription, { name, kind: 'DELTA', value: 'INT64', unit: '1', visibleAfterSeconds: 240 });
}

/** Deliveries by push that were acknowledged, to all of them. */
export function pubsubPushes(subscription: string): RatioSli {
  const metric = {
    name: 'push_request_count',
    kind: 'DELTA',
    value: 'INT64',
    unit: '1',
    visibleAfterSeconds: 120,
  } as const;
  const count = (labels: Matches = {}): Counter => select(subscription, metric, labels);
  return { form: 'ratio', good: count({ response_class: 'ack' }), total: count() };
}

/** How long deliveries by push took, in microseconds. */
export function pubsubPushLatencies(subscription: string): Latencies {
  const name = 'push_request_latencies';
  const metric = { name, kind: 'DELTA', value: 'DISTRIBUTION', unit: 'us', visibleAfterSeconds: 240 } as const;
  const distribution: Distribution = select(subscription, metric);
  return { form: 'latencies', distribution };
}

/** From delivery to acknowledgement, in milliseconds. */
export function pubsubAckLatencies(subscription: string): Latencies {
  const metric = {
    name: 'ack_latencies',
    kind: 'DELTA',
    value: 'DISTRIBUTION',
    unit: 'ms',
    visibleAfterSeconds: 240,
  } as const;
  const distribution: Distribution = select(subscription, metric);
  return { form: 'latencies', distribution };
}

/** Whether Pub/Sub finds that the subscription's delivery is healthy by one of its criteria, over ten minutes. */
export function pubsubHealth(
  subscription: string,
  criteria: 'ack_latency' | 'expired_ack_deadlines' | 'nack_requests' | 'seek_requests' | 'utilization',
): BoolGauge {
  const name = 'delivery_latency_health_score';
  const metric = { name, kind: 'GAUGE', value: 'BOOL', unit: '1', visibleAfterSeconds: 360 } as const;
  return select(subscription, metric, { criteria });
}
