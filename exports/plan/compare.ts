import type { Catalogue, ObjectiveEntry } from '../../slo/catalogue.ts';
import { budgetSeconds, detectionSeconds } from '../../slo/maths.ts';
import { describePeriod } from '../../slo/period.ts';
import type { Compiled } from '../compile.ts';
import { type DashboardChange, dashboardChanges } from './dashboards.ts';
import { type Loss, lossesOf } from './losses.ts';
import { metricReferences } from './references.ts';

/** An objective before or after a change. */
export type ObjectiveFacts = {
  goal: number;
  /** For people: `28 d`. */
  period: string;
  thresholdSeconds?: number;
  /** Minutes of total outage that a period allows. */
  budgetMinutes: number;
  /** By tier: when a total outage and 5 % of errors are noticed, in seconds; `null` for never. */
  detection: Readonly<Record<string, { outageSeconds: number | null; fivePercentSeconds: number | null }>>;
};

/** What becomes of one objective. */
export type ObjectiveChange = { slo: string; title: string; before?: ObjectiveFacts; after?: ObjectiveFacts };

/** What becomes of the resources of one kind, by their ids. */
export type Changes = { added: readonly string[]; removed: readonly string[]; changed: readonly string[] };

/** What a change of specs means once it is applied. */
export type Plan = {
  services: Changes;
  objectives: readonly ObjectiveChange[];
  alerts: Changes;
  channels: Changes;
  uptimeChecks: Changes;
  dashboards: readonly DashboardChange[];
  losses: readonly Loss[];
  /** How many metrics all alert conditions refer to: what alerting is billed by. */
  metricReferences: { before: number; after: number };
};

/** Compares what specs compiled to before with what they compile to now, for one and the same project. */
export function comparePlans(before: Compiled, after: Compiled): Plan {
  return {
    services: changesOf(before.resources.services, after.resources.services),
    objectives: objectiveChanges(before, after),
    alerts: changesOf(before.resources.policies, after.resources.policies),
    channels: changesOf(before.resources.channels, after.resources.channels),
    uptimeChecks: changesOf(before.resources.uptimeChecks, after.resources.uptimeChecks),
    dashboards: dashboardChanges(before.resources.dashboards, after.resources.dashboards),
    losses: lossesOf(before.resources, after.resources),
    metricReferences: {
      before: metricReferences(before.resources.policies),
      after: metricReferences(after.resources.policies),
    },
  };
}

/** Whether a plan changes nothing. */
export function isEmpty({ services, objectives, alerts, channels, uptimeChecks, dashboards, losses }: Plan): boolean {
  const changes = [services, alerts, channels, uptimeChecks].flatMap(kind => Object.values(kind));
  return [objectives, dashboards, losses, ...changes].every(({ length }) => length === 0);
}

type Named = { name: string };

const byName = <T extends Named>(items: readonly T[]) => new Map(items.map(item => [item.name, item]));
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const entriesOf = ({ services }: Catalogue) => services.flatMap(({ objectives }) => objectives);

function objectiveChanges(before: Compiled, after: Compiled): ObjectiveChange[] {
  const [was, is] = [before, after].map(({ catalogue }) => byName(entriesOf(catalogue))) as [Entries, Entries];
  const [wasJson, isJson] = [before, after].map(({ resources }) => byName(resources.objectives)) as [
    Objectives,
    Objectives,
  ];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(name => {
    const [old, now] = [was.get(name), is.get(name)].map(entry => entry && factsOf(entry));
    if (same(old, now) && same(wasJson.get(name), isJson.get(name))) return [];
    const entry = (is.get(name) ?? was.get(name)) as ObjectiveEntry;
    return { slo: shortName(name), title: entry.title, ...(old && { before: old }), ...(now && { after: now }) };
  });
}

type Entries = Map<string, ObjectiveEntry>;
type Objectives = Map<string, Compiled['resources']['objectives'][number]>;

/** `records-api/latency` */
function shortName(name: string): string {
  const [, , , service, , slo] = name.split('/');
  return `${service}/${slo}`;
}

function factsOf({ goal, period, thresholdSeconds, tiers }: ObjectiveEntry): ObjectiveFacts {
  const noticed = (errorRatio: number, threshold: number, longSeconds: number) =>
    detectionSeconds({ errorRatio, goal, threshold, longSeconds }) ?? null;
  const detection = tiers.map(({ name, threshold, longSeconds }) => [
    name,
    {
      outageSeconds: noticed(1, threshold, longSeconds),
      fivePercentSeconds: noticed(0.05, threshold, longSeconds),
    },
  ]);
  return {
    ...{ goal, period: describePeriod(period), ...(thresholdSeconds !== undefined && { thresholdSeconds }) },
    budgetMinutes: budgetSeconds({ goal, periodSeconds: period.seconds }) / 60,
    detection: Object.fromEntries(detection),
  };
}

function changesOf(before: readonly Named[], after: readonly Named[]): Changes {
  const [was, is] = [byName(before), byName(after)];
  const idOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  const changed = [...is].filter(([name, resource]) => was.has(name) && !same(was.get(name), resource));
  return {
    added: [...is.keys()].filter(name => !was.has(name)).map(idOf),
    removed: [...was.keys()].filter(name => !is.has(name)).map(idOf),
    changed: changed.map(([name]) => idOf(name)),
  };
}
