import type { CauseAlert } from './causes.ts';
import type { Channel } from './channels.ts';
import type { Freeze } from './gate/freeze.ts';
import type { Matches } from './metric.ts';
import type { ObjectiveSpec } from './objectives.ts';
import { type Place, placeOfCall } from './place.ts';
import type { UptimeCheck } from './sources/uptime.ts';
import { type AlertChoice, burnRateAlerts } from './tiers.ts';

/** What a service runs on: which of the world's series are its own. */
export type Runtime = {
  kind: 'cloud-run' | 'opentelemetry';
  /** For people: `Cloud Run service records-api in us-central1`. */
  title: string;
  /** What Cloud Monitoring finds by itself, where it does. */
  basic?: { serviceType: string; labels: Matches };
  /** The labels that the service's series carry, by monitored resource. */
  series: Readonly<Record<string, Matches>>;
};

/**
 * A Cloud Run service: its own metrics, and the telemetry that it sends under that name.
 *
 * @param options.job the OpenTelemetry `service.name`; the service's where it is not said
 */
export function cloudRun(options: { service: string; location: string; job?: string }): Runtime {
  const { service, location, job = service } = options;
  const name = { name: service };
  return {
    kind: 'cloud-run',
    title: `Cloud Run service ${service} in ${location}`,
    basic: { serviceType: 'CLOUD_RUN', labels: { service_name: name, location } },
    series: { cloud_run_revision: { service_name: name, location }, prometheus_target: { job: { name: job } } },
  };
}

/**
 * Anything that sends OpenTelemetry.
 *
 * @param options.job `service.name`, or `service.namespace/service.name` where there is a namespace
 */
export function openTelemetry(options: { job: string; cluster?: string; namespace?: string }): Runtime {
  const { job, cluster, namespace } = options;
  const labels = { job, ...(cluster !== undefined && { cluster }), ...(namespace !== undefined && { namespace }) };
  return { kind: 'opentelemetry', title: `OpenTelemetry job ${job}`, series: { prometheus_target: labels } };
}

/** What another service promises, and whether a request waits for it. */
export type Dependency = { service: string; promises: number; synchronous: boolean };

/** An SLI that was thought of and not taken. */
export type Discarded = { sli: string; why: string };

/** What a spec says of a service. */
export type ServiceOptions = {
  title?: string;
  owner: string;
  runsOn?: Runtime;
  slos: readonly ObjectiveSpec[];
  /** How many events the quietest hour has: below some number one failure alone would page. */
  traffic?: { quietestHour: number };
  dependsOn?: readonly Dependency[];
  discarded?: readonly Discarded[];
  /** Burn-rate alerts of every SLO that has none of its own. */
  alerts?: AlertChoice;
  causes?: readonly CauseAlert[];
  uptime?: readonly UptimeCheck[];
  /** The shares of a budget below which the gate stops deploys. Where it is not said, deploys stop once a budget is overspent. */
  freeze?: Freeze;
  /** Markdown, relative to `alerts/`. */
  runbook?: string;
  notify?: { page?: readonly Channel[]; ticket?: readonly Channel[] };
  /** Pages that an alert links to, beside the runbook: at most two. */
  links?: Readonly<Record<string, `https://${string}`>>;
  labels?: Readonly<Record<string, string>>;
};

/** How a service is known, whichever copy of this module made it. */
const serviceMark: unique symbol = Symbol.for('burnline.service') as never;

/** A service with its objectives, as a spec file exports it. */
export type ServiceSpec = Omit<ServiceOptions, 'alerts'> & {
  [serviceMark]: true;
  id: string;
  title: string;
  alerts: AlertChoice;
  definedAt: Place;
};

/**
 * A service and what is promised of it.
 *
 * @param id unchanging: letters, digits and hyphens
 * @example
 * export const api = service('records-api', { owner: 'data', runsOn: cloudRun({ service: 'records-api', location: 'us-central1' }), slos: [] });
 */
export function service(id: string, options: ServiceOptions): ServiceSpec {
  const { title = id, alerts = burnRateAlerts() } = options;
  return { ...options, [serviceMark]: true, id, title, alerts, definedAt: placeOfCall() };
}

export function isService(value: unknown): value is ServiceSpec {
  return typeof value === 'object' && value !== null && serviceMark in value;
}
