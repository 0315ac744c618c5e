import type { Catalogue, ObjectiveEntry, ServiceEntry } from './catalogue.ts';
import type { CauseAlert } from './causes.ts';
import { type Matches, type Selection, type Target, toFilter, valuesOf } from './metric.ts';
import type { ObjectiveSpec } from './objectives.ts';
import { toPeriod } from './period.ts';
import type {
  BasicSliJson,
  IndicatorJson,
  RequestBasedJson,
  Service,
  ServiceLevelObjective,
  WindowsBasedJson,
} from './resources/service.ts';
import type { Runtime, ServiceSpec } from './service.ts';
import {
  type BasicSli,
  type CutSli,
  mapSelections,
  type RatioSli,
  type RequestSli,
  type Sli,
  type WindowsSli,
} from './sli.ts';
import { resolveTiers, tierBelow } from './tiers.ts';

/** What specs become in the Service Monitoring API, and what they say beyond that. */
export type CompiledServices = { services: Service[]; objectives: ServiceLevelObjective[]; catalogue: Catalogue };

/** Compiles specs for a project and environment. The specs' order is kept; nothing is checked: that is what lints do. */
export function compileServices(specs: readonly ServiceSpec[], target: Target): CompiledServices {
  const entries = specs.map(spec => toEntry(spec, target));
  return {
    services: specs.map((spec, index) => toService(spec, entries[index] as ServiceEntry, target)),
    objectives: entries.flatMap(entry => entry.objectives.map(objective => toObjective(entry, objective, target))),
    catalogue: { target, services: entries },
  };
}

/** The labels that everything of a service carries. */
export function userLabelsOf({ labels }: { labels: Readonly<Record<string, string>> }): Record<string, string> {
  return { ...labels, managed_by: 'burnline' };
}

function toEntry(spec: ServiceSpec, target: Target): ServiceEntry {
  const name = `projects/${target.project}/services/${spec.id}${target.nameSuffix}`;
  const { traffic, freeze, runbook, notify, runsOn } = spec;
  return {
    ...{ name, id: spec.id, title: spec.title, owner: spec.owner },
    ...(runsOn && { runsOn: runsOn.title, series: runsOn.series }),
    objectives: spec.slos.map(objective => toObjectiveEntry(spec, objective, name)),
    ...(traffic && { traffic }),
    dependsOn: spec.dependsOn ?? [],
    discarded: spec.discarded ?? [],
    causes: (spec.causes ?? []).map(cause => bindCause(cause, runsOn)),
    uptime: spec.uptime ?? [],
    ...(freeze && { freeze }),
    ...(runbook !== undefined && { runbook }),
    channels: { page: notify?.page ?? [], ticket: notify?.ticket ?? [] },
    links: spec.links ?? {},
    labels: spec.labels ?? {},
    definedAt: spec.definedAt,
  };
}

function toObjectiveEntry(spec: ServiceSpec, objective: ObjectiveSpec, serviceName: string): ObjectiveEntry {
  const { id, kind, title, goal, thresholdSeconds, why, definedAt, alertBelow } = objective;
  const period = toPeriod(objective);
  const choice = objective.alerts ?? spec.alerts;
  const tiers = resolveTiers(choice, period.seconds);
  if (alertBelow !== undefined) tiers.push(tierBelow(alertBelow, goal, period.seconds));
  const runbook = objective.runbook ?? spec.runbook;
  return {
    ...{ name: `${serviceName}/serviceLevelObjectives/${id}`, id, kind, title, goal, period },
    ...(thresholdSeconds !== undefined && { thresholdSeconds }),
    ...{ sli: bind(objective.sli, spec.runsOn), why, tiers, onePage: choice.onePage },
    absentAfterSeconds: choice.absentAfterSeconds,
    ...(choice.badEventsAbove !== undefined && { badEventsAbove: choice.badEventsAbove }),
    ...(runbook !== undefined && { runbook }),
    definedAt,
  };
}

/** Fills in what a spec need not say again: which series are the service's own. */
function bind(sli: Sli, runsOn: Runtime | undefined): Sli {
  return mapSelections(sli, selection => bindSelection(selection, runsOn));
}

function bindSelection<S extends Selection>(selection: S, runsOn: Runtime | undefined): S {
  const own = runsOn?.series[selection.metric.resource];
  if (own === undefined) return selection;
  return { ...selection, resourceLabels: { ...own, ...selection.resourceLabels } };
}

function bindCause(cause: CauseAlert, runsOn: Runtime | undefined): CauseAlert {
  const { when } = cause;
  switch (when.test) {
    case 'count':
    case 'drop':
      return { ...cause, when: { ...when, counter: bindSelection(when.counter, runsOn) } };
    case 'above':
      return { ...cause, when: { ...when, gauge: bindSelection(when.gauge, runsOn) } };
    case 'percentile':
      return { ...cause, when: { ...when, distribution: bindSelection(when.distribution, runsOn) } };
    case 'absent':
      return { ...cause, when: { ...when, series: bindSelection(when.series, runsOn) } };
  }
}

function toService(spec: ServiceSpec, entry: ServiceEntry, target: Target): Service {
  const about = { name: entry.name, displayName: entry.title + target.nameSuffix, userLabels: userLabelsOf(entry) };
  const basic = spec.runsOn?.basic;
  if (basic === undefined) return { ...about, custom: {} };
  return { ...about, basicService: { serviceType: basic.serviceType, serviceLabels: plain(basic.labels, target) } };
}

function plain(labels: Matches, target: Target): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, match]) => [key, valuesOf(match, target).values[0] ?? '']),
  );
}

function toObjective(service: ServiceEntry, entry: ObjectiveEntry, target: Target): ServiceLevelObjective {
  const { period } = entry;
  return {
    name: entry.name,
    displayName: `${service.title}: ${entry.title}`,
    serviceLevelIndicator: toIndicator(entry.sli, target),
    goal: entry.goal,
    ...(period.rolling
      ? { rollingPeriod: `${period.seconds}s` }
      : { calendarPeriod: period.calendar.toUpperCase() as 'DAY' | 'WEEK' | 'FORTNIGHT' | 'MONTH' }),
    userLabels: userLabelsOf(service),
  };
}

function toIndicator(sli: Sli, target: Target): IndicatorJson {
  switch (sli.form) {
    case 'basic':
      return { basicSli: toBasic(sli) };
    case 'windows':
      return { windowsBased: toWindows(sli, target) };
    default:
      return { requestBased: toRequestBased(sli, target) };
  }
}

function toRequestBased(sli: RatioSli | CutSli, target: Target): RequestBasedJson {
  if (sli.form === 'cut') {
    return { distributionCut: { distributionFilter: toFilter(sli.distribution, target), range: sli.range } };
  }
  const { good, bad, total } = sli;
  return {
    goodTotalRatio: {
      ...(good && { goodServiceFilter: toFilter(good, target) }),
      ...(bad && { badServiceFilter: toFilter(bad, target) }),
      ...(total && { totalServiceFilter: toFilter(total, target) }),
    },
  };
}

function toBasic({ basic, method, location, version }: BasicSli): BasicSliJson {
  return {
    ...(method && { method }),
    ...(location && { location }),
    ...(version && { version }),
    ...(basic.kind === 'availability'
      ? { availability: {} }
      : { latency: { threshold: `${basic.thresholdSeconds}s` } }),
  };
}

function toWindows({ windowSeconds, good }: WindowsSli, target: Target): WindowsBasedJson {
  const windowPeriod = `${windowSeconds}s`;
  switch (good.test) {
    case 'good-bad-metric':
      return { windowPeriod, goodBadMetricFilter: toFilter(good.metric, target) };
    case 'mean-in-range':
      return { windowPeriod, metricMeanInRange: { timeSeries: toFilter(good.gauge, target), range: good.range } };
    case 'sum-in-range':
      return { windowPeriod, metricSumInRange: { timeSeries: toFilter(good.gauge, target), range: good.range } };
    case 'performance':
      return {
        windowPeriod,
        goodTotalRatioThreshold: { threshold: good.threshold, ...toPerformance(good.sli, target) },
      };
  }
}

function toPerformance(sli: RequestSli, target: Target) {
  if (sli.form === 'basic') return { basicSliPerformance: toBasic(sli) };
  return { performance: toRequestBased(sli, target) };
}
