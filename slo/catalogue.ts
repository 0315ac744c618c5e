import type { CauseAlert } from './causes.ts';
import type { Channel } from './channels.ts';
import type { Freeze } from './gate/freeze.ts';
import type { Target } from './metric.ts';
import type { ObjectiveKind } from './objectives.ts';
import type { Period } from './period.ts';
import type { Place } from './place.ts';
import type { Dependency, Discarded, Runtime } from './service.ts';
import type { Sli } from './sli.ts';
import type { UptimeCheck } from './sources/uptime.ts';
import type { Tier } from './tiers.ts';

/** What is known of an SLO beyond what the API holds of it. */
export type ObjectiveEntry = {
  /** The SLO's resource name. */
  name: string;
  id: string;
  kind: ObjectiveKind;
  title: string;
  goal: number;
  period: Period;
  thresholdSeconds?: number;
  /** With the labels of the runtime filled in. */
  sli: Sli;
  why: string;
  tiers: readonly Tier[];
  onePage: boolean;
  badEventsAbove?: number;
  /** How long there may be no data before a ticket says so; 0 for ever. */
  absentAfterSeconds: number;
  runbook?: string;
  definedAt: Place;
};

/** What is known of a service beyond what the API holds of it. */
export type ServiceEntry = {
  /** The service's resource name. */
  name: string;
  id: string;
  title: string;
  owner: string;
  /** For people: what it runs on. */
  runsOn?: string;
  /** The labels of its own series, by monitored resource. */
  series?: Runtime['series'];
  objectives: readonly ObjectiveEntry[];
  traffic?: { quietestHour: number };
  dependsOn: readonly Dependency[];
  discarded: readonly Discarded[];
  causes: readonly CauseAlert[];
  uptime: readonly UptimeCheck[];
  freeze?: Freeze;
  runbook?: string;
  channels: { page: readonly Channel[]; ticket: readonly Channel[] };
  links: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  definedAt: Place;
};

/** What the API cannot hold, for every service that was compiled. Nothing after the compiler reads a spec. */
export type Catalogue = { target: Target; services: readonly ServiceEntry[] };
