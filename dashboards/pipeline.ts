import type { Metric, Target } from '../slo/metric.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import { dashboard } from './dashboard.ts';
import { type Signal, signalCharts } from './signals.ts';

const STAGES = ['Publish', 'Backlog', 'Commit', 'Dead letters'] as const;
type Stage = (typeof STAGES)[number];

/** Four stages with their headings stay below 40 widgets. */
const STAGE_CHARTS_MAX = 8;

/** The way of a message from its publishing to its row, from the signals of all services that it passes; none where none tells of it. */
export function pipelineDashboard(signals: readonly Signal[], target: Target): Dashboard | undefined {
  const own = signals.filter(({ of }) => stageOf(of.metric) !== undefined);
  // Two services may count the same series, and their charts say the same.
  const found = new Map(own.map(signal => [`${signal.role} ${signal.filter}`, signal]));
  if (found.size === 0) return undefined;
  const stages = Map.groupBy(found.values(), ({ of }) => stageOf(of.metric));
  const sections = STAGES.map(stage => ({
    heading: stage,
    widgets: signalCharts(stages.get(stage) ?? [], STAGE_CHARTS_MAX),
  }));
  return dashboard('ingest-pipeline', 'Ingest pipeline', sections, target);
}

/** Where on its way a message is counted, by the metric's name. */
function stageOf({ type, resource, otelName }: Metric): Stage | undefined {
  const isOfSubscription = resource === 'pubsub_subscription';
  if (!isOfSubscription && !/^(ingest|topic|warehouse)\./.test(otelName ?? '')) return undefined;
  if (/dead_?letter/.test(type)) return 'Dead letters';
  if (/backlog|unacked|undelivered/.test(type)) return 'Backlog';
  // What a subscription tells besides is how messages come out of the topic.
  return isOfSubscription || /^topic\./.test(otelName ?? '') ? 'Publish' : 'Commit';
}
