// What a spec imports from `burnline`.
export { above, absent, type CauseAlert, dropTo, moreThan, slowerThan } from './causes.ts';
export { type Channel, email, pagerDuty, pubsubTopic, slack } from './channels.ts';
export { type Counter, type Distribution, type Gauge, type Matches, type Selection, where } from './metric.ts';
export { availability, distribution, freshness, latency, type ObjectiveSpec, objective } from './objectives.ts';
export { cloudRun, openTelemetry, type Runtime, type ServiceSpec, service } from './service.ts';
export { type Latencies, type RatioSli, type Sli, windows } from './sli.ts';
export { cloudRunBasic, cloudRunLatencies, cloudRunRequestCount, cloudRunRequests } from './sources/cloud-run.ts';
export { metric, named } from './sources/custom.ts';
export { bigQueryRequests, bigQueryWrites, googleApiLatencies, googleApiRequests } from './sources/google-apis.ts';
export { loadBalancerLatencies, loadBalancerRequests } from './sources/load-balancer.ts';
export { counter, gauge, histogram, httpServerDuration, type OtelMetric, ratio } from './sources/opentelemetry.ts';
export {
  pubsubAckLatencies,
  pubsubDeadLettered,
  pubsubHealth,
  pubsubOldestUnackedAge,
  pubsubPushes,
  pubsubPushLatencies,
  pubsubUndelivered,
} from './sources/pubsub.ts';
export { type UptimeCheck, uptimeCheck, uptimePassed } from './sources/uptime.ts';
export { type AlertChoice, burnRateAlerts, noAlerts, type TierSpec } from './tiers.ts';
