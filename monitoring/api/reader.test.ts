import type { Clock } from '../../base/clock.ts';
import { createManualClock } from '../../base/clock.ts';
import type { FakeAlert, FakeWorld } from '../../slo/cloud-monitoring/fakes.ts';
import { testReader } from '../../slo/cloud-monitoring/reader.contract.ts';
import type { ServiceLevelObjective } from '../../slo/resources/service.ts';
import type { Incident } from '../evaluate/incidents.ts';
import type { TrackedObjective } from '../evaluate/objective.ts';
import { NOW_MS, startMonitoring } from './testing.ts';

const EVENTS = 1_000_000;
const MINUTE_MS = 60_000;

testReader('local Cloud Monitoring', async ({ clock = createManualClock(NOW_MS), ...world }) => {
  const incidents = (world.alerts ?? []).map((alert, index) => toIncident(alert, index, clock.now()));
  const server = await startMonitoring({
    ...{ project: 'p', clock, incidents, objective: name => toTracked(name, world, clock) },
  });
  for (const [id, slos] of Object.entries(world.services)) {
    server.put('services', { name: `projects/p/services/${id}`, custom: {} });
    for (const slo of slos) server.put('serviceLevelObjectives', toObjective(id, slo));
  }
  for (const [index, alert] of (world.alerts ?? []).entries()) server.put('alertPolicies', toPolicy(alert, index));
  return { endpoint: server.url, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
});

function toObjective(service: string, id: string): ServiceLevelObjective {
  const [badServiceFilter, totalServiceFilter] = ['bad', 'total'].map(
    metric => `metric.type="custom.googleapis.com/${metric}"`,
  );
  return {
    ...{ name: `projects/p/services/${service}/serviceLevelObjectives/${id}`, displayName: id, userLabels: {} },
    ...{ goal: 0.999, rollingPeriod: '2419200s' },
    serviceLevelIndicator: { requestBased: { goodTotalRatio: { badServiceFilter, totalServiceFilter } as never } },
  };
}

/** An SLO whose counts make what the world says of it: over its period the budget, over any other time the burn rate. */
function toTracked(name: string, { services, budgets, burns }: FakeWorld, clock: Clock): TrackedObjective | undefined {
  const [, , , service = '', , slo = ''] = name.split('/');
  if (!services[service]?.includes(slo)) return undefined;
  const json = toObjective(service, slo);
  const [budget, burn] = [budgets, burns].map(readings => readings[`${service}/${slo}`]);
  const until = (reading: typeof budget, toMs: number, badOf: (value: number) => number) => {
    const { value = 0, ageSeconds = 60 } = typeof reading === 'number' ? { value: reading } : (reading ?? {});
    const isThere = reading !== undefined && toMs <= clock.now() - ageSeconds * 1000;
    const bad = isThere ? badOf(value) : 0;
    return { good: isThere ? EVENTS - bad : 0, bad };
  };
  return {
    ...{ json, delayMs: 0 },
    observe: () => false,
    countersOf: () => [],
    counts: (_, toMs) => until(burn, toMs, value => value * EVENTS * 0.001),
    countsOfPeriod: atMs => until(budget, atMs, value => (1 - value) * EVENTS * 0.001),
  };
}

const policyName = (index: number) => `projects/p/alertPolicies/${1000 + index}`;

function toPolicy({ service, severity, title = 'title' }: FakeAlert, index: number): object {
  const conditionAbsent = { filter: 'metric.type="custom.googleapis.com/total"', duration: '120s' };
  return {
    ...{ name: policyName(index), displayName: title, combiner: 'OR' },
    conditions: [{ displayName: 'c', conditionAbsent }],
    severity: severity === 'page' ? 'CRITICAL' : 'WARNING',
    userLabels: { managed_by: 'burnline', service, severity },
  };
}

function toIncident({ openForSeconds = 600, closed }: FakeAlert, index: number, nowMs: number): Incident {
  const openedAtMs = nowMs - openForSeconds * 1000;
  return {
    ...{ id: `0.${index}`, policy: policyName(index), openedAtMs, timeline: [] },
    ...(closed && { closedAtMs: nowMs - MINUTE_MS }),
  };
}
