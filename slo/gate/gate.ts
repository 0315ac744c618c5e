import type { Clock } from '../../base/clock.ts';
import { type Duration, secondsOf } from '../../base/durations.ts';
import type { ServiceEntry } from '../catalogue.ts';
import type { MonitoringReader } from '../cloud-monitoring/reader.ts';
import { gateErrors } from '../errors.ts';
import { judgeBudget } from './budgets.ts';
import type { Change } from './freeze.ts';
import { judgeIncidents } from './incidents.ts';
import { judgeK6 } from './k6.ts';
import { combine, type Reason, type Verdict } from './reason.ts';

/** What the gate says of a service, and why. */
export type Judgement = {
  verdict: Verdict;
  /** The service's id. */
  service: string;
  /** When it was judged, RFC 3339. */
  at: string;
  /** Over how long its burn rate was asked for: `1h`. */
  window: string;
  reasons: readonly Reason[];
};

/**
 * Judges whether a change of a service may be deployed, by its k6 results, its budgets and its open incidents. Throws where Cloud
 * Monitoring does not answer or has no such service, and where the k6 file is of another one.
 */
export async function judge(options: {
  service: ServiceEntry;
  nameSuffix: string;
  reader: MonitoringReader;
  clock: Clock;
  window: Duration;
  change: Change;
  /** A k6 result file; without one, budgets and incidents alone are judged. */
  k6?: { path: string; text: string };
}): Promise<Judgement> {
  const { service, nameSuffix, reader, clock, window, change, k6 } = options;
  const nowMs = clock.now();
  const reasons: Reason[] = k6 ? judgeK6(service, k6) : [];
  const there = await reader.objectiveIds(service.name);
  if (!there) throw missing(service, await reader.serviceIds());
  const asked = { reader, nowMs, windowSeconds: secondsOf(window), freeze: service.freeze, change };
  if (service.objectives.length === 0) reasons.push(notEnough(`${service.id} has no SLO to judge by`));
  for (const objective of service.objectives) {
    const { id } = objective;
    const isThere = there.includes(id);
    const absent = `${id} is not in Cloud Monitoring: apply the generated Terraform first`;
    reasons.push(isThere ? await judgeBudget(objective, asked) : notEnough(absent, id));
  }
  reasons.push(...judgeIncidents(await reader.openIncidents(), { service: service.id, nameSuffix, nowMs }));
  return { verdict: combine(reasons), service: service.id, at: new Date(nowMs).toISOString(), window, reasons };
}

function notEnough(sentence: string, slo?: string): Reason {
  return { source: 'telemetry', ...(slo !== undefined && { slo }), verdict: 'not-enough', sentence };
}

function missing({ name }: ServiceEntry, ids: readonly string[]) {
  const [, project, , id] = name.split('/');
  const known = ids.length === 0 ? 'it has none' : `there are ${ids.join(', ')}`;
  return gateErrors.error('service_missing', `Cloud Monitoring has no service ${id} in project ${project}: ${known}`);
}
