import type { MetricKind, ValueType } from '../../model.ts';

/** Monitored resources, by type, with their labels beside `project_id`. */
export const resourceTypes: Readonly<Record<string, readonly string[]>> = {
  aws_ec2_instance: ['instance_id', 'aws_account', 'region'],
  bigquery_project: [],
  cloud_run_revision: ['service_name', 'revision_name', 'location', 'configuration_name'],
  gce_instance: ['instance_id', 'zone'],
  generic_node: ['location', 'namespace', 'node_id'],
  generic_task: ['location', 'namespace', 'job', 'task_id'],
  global: [],
  k8s_cluster: ['location', 'cluster_name'],
  k8s_container: ['location', 'cluster_name', 'namespace_name', 'pod_name', 'container_name'],
  k8s_node: ['location', 'cluster_name', 'node_name'],
  k8s_pod: ['location', 'cluster_name', 'namespace_name', 'pod_name'],
  prometheus_target: ['location', 'cluster', 'namespace', 'job', 'instance'],
  pubsub_subscription: ['subscription_id'],
  pubsub_topic: ['topic_id'],
  uptime_url: ['host'],
};

/** A metric of Google's, with its labels and the resource that it is written on. */
export type GoogleMetric = readonly [
  type: string,
  metricKind: MetricKind,
  valueType: ValueType,
  unit: string,
  resource: string,
  labels: readonly string[],
];

const RUN = 'run.googleapis.com';
const SUBSCRIPTION = 'pubsub.googleapis.com/subscription';

/** The metrics of Google's that are reported here too, as Google describes them. */
export const googleMetrics: readonly GoogleMetric[] = [
  [
    `${RUN}/request_count`,
    'DELTA',
    'INT64',
    '1',
    'cloud_run_revision',
    ['response_code', 'response_code_class', 'route'],
  ],
  [
    `${RUN}/request_latencies`,
    'DELTA',
    'DISTRIBUTION',
    'ms',
    'cloud_run_revision',
    ['response_code', 'response_code_class', 'route'],
  ],
  [`${RUN}/container/instance_count`, 'GAUGE', 'INT64', '1', 'cloud_run_revision', ['state']],
  [`${SUBSCRIPTION}/ack_message_count`, 'DELTA', 'INT64', '1', 'pubsub_subscription', ['delivery_type']],
  [`${SUBSCRIPTION}/ack_latencies`, 'DELTA', 'DISTRIBUTION', 'ms', 'pubsub_subscription', ['delivery_type']],
  [`${SUBSCRIPTION}/dead_letter_message_count`, 'DELTA', 'INT64', '1', 'pubsub_subscription', ['response_code']],
  [`${SUBSCRIPTION}/num_undelivered_messages`, 'GAUGE', 'INT64', '1', 'pubsub_subscription', []],
  [`${SUBSCRIPTION}/oldest_unacked_message_age`, 'GAUGE', 'INT64', 's', 'pubsub_subscription', []],
  [
    `${SUBSCRIPTION}/push_request_count`,
    'DELTA',
    'INT64',
    '1',
    'pubsub_subscription',
    ['response_class', 'response_code', 'delivery_type'],
  ],
  [
    `${SUBSCRIPTION}/push_request_latencies`,
    'DELTA',
    'DISTRIBUTION',
    'us',
    'pubsub_subscription',
    ['response_code', 'delivery_type'],
  ],
  [
    'monitoring.googleapis.com/uptime_check/check_passed',
    'GAUGE',
    'BOOL',
    '',
    'uptime_url',
    ['check_id', 'checker_location'],
  ],
];
