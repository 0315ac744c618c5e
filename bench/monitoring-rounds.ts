import { join } from 'node:path';
import { createManualClock } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import { createEvaluator } from '../monitoring/evaluate/evaluator.ts';
import { followResources } from '../monitoring/resources/follow.ts';
import { openResources } from '../monitoring/resources/resources.ts';
import { openSeriesStore } from '../monitoring/series/store.ts';
import { type createFleet, MINUTE_MS, PROJECT } from './fleet.ts';
import { cpuMs } from './processes.ts';

const ROUNDS = 40;
const EVERY_MS = 15_000;

/** Goes on with a fleet that `writeHistory` began, an evaluation each 15 s: how many milliseconds each took, and of the processor. */
export function evaluateRounds(options: { folder: string; fleet: ReturnType<typeof createFleet>; endMs: number }) {
  const { folder, fleet, endMs } = options;
  const clock = createManualClock(endMs);
  const store = openSeriesStore({ path: join(folder, 'series.sqlite'), clock });
  const resources = openResources({ path: join(folder, 'resources.sqlite'), clock });
  const evaluator = createEvaluator({ project: PROJECT, store, newId: randomId });
  followResources({ resources, evaluator, store });
  store.onIncrement(evaluator.observe, evaluator.isFollowed);
  const rounds = { ms: [] as number[], cpuMs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    clock.advance(EVERY_MS);
    if ((clock.now() - endMs) % MINUTE_MS === 0) store.write(fleet.next(clock.now()));
    const [startedMs, usedMs] = [performance.now(), cpuMs()];
    evaluator.evaluate(clock.now());
    rounds.ms.push(performance.now() - startedMs);
    rounds.cpuMs.push(cpuMs() - usedMs);
  }
  store.close();
  resources.close();
  return rounds;
}
