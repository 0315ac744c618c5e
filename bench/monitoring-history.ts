import { join } from 'node:path';
import { createManualClock } from '../base/clock.ts';
import { openResources } from '../monitoring/resources/resources.ts';
import { openSeriesStore } from '../monitoring/series/store.ts';
import { compileFleet, createFleet, MINUTE_MS } from './fleet.ts';
import { cpuMs } from './processes.ts';

const DAY_MINUTES = 24 * 60;

/**
 * Fills the folder of a local Cloud Monitoring as if it had run until a time: a fleet's resources, and its points by the store's own
 * way, a minute at a time, which packs them whenever it holds as many as it may.
 */
export async function writeHistory(options: {
  folder: string;
  services: number;
  days: number;
  endMs: number;
  onDay(day: number): void;
}) {
  const { folder, services, days, endMs, onDay } = options;
  const clock = createManualClock(endMs - days * DAY_MINUTES * MINUTE_MS);
  const resources = openResources({ path: join(folder, 'resources.sqlite'), clock });
  const compiled = compileFleet(services);
  for (const json of compiled.services) resources.put('services', json.name, json);
  for (const json of compiled.objectives) resources.put('serviceLevelObjectives', json.name, json);
  for (const [index, json] of compiled.policies.entries()) {
    const name = `projects/local/alertPolicies/${index + 1}`;
    resources.put('alertPolicies', name, { ...json, name });
  }
  resources.close();

  const store = openSeriesStore({ path: join(folder, 'series.sqlite'), clock });
  const fleet = createFleet({ services, startMs: clock.now() });
  let usedMs = 0;
  for (let minute = 1; minute <= days * DAY_MINUTES; minute += 1) {
    clock.advance(MINUTE_MS);
    const writes = fleet.next(clock.now());
    const startedMs = cpuMs();
    store.write(writes);
    usedMs += cpuMs() - startedMs;
    if (minute % DAY_MINUTES === 0) onDay(minute / DAY_MINUTES);
  }
  const startedMs = cpuMs();
  await store.tidy();
  usedMs += cpuMs() - startedMs;
  const facts = store.facts();
  store.close();
  return {
    ...facts,
    objectives: compiled.objectives.length,
    policies: compiled.policies.length,
    pointsPerCpuSecond: (facts.points / usedMs) * 1000,
    fleet,
  };
}
