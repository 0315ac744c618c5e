import { type FlagName, SLOW_SHARE } from '../../cli/faults/table.ts';
import { watch } from './attempts.ts';
import { busy, endedEarly, eventsOf } from './events.ts';
import type { Fact } from './facts.ts';
import { slosOf } from './gate.ts';
import { type Stage, startScene, type Tested } from './scene.ts';
import { startTraces } from './traces.ts';

const SLOW_MS = 300;
/** What the tests do before and after, they try five times. */
const ERROR_SHARE = 0.05;

/** A failure flag, the SLO whose budget it burns, and the share of its events that is bad then. */
type Failure = { name: FlagName; value: number; slo: 'availability' | 'latency'; badShare: number };

/** A platform whose answers are slow: the slowest request is told by its trace. */
export async function checkSlow(stage: Stage, fact: Fact): Promise<void> {
  await using traces = await startTraces();
  const failure = { name: 'api-latency', value: SLOW_MS, slo: 'latency', badShare: SLOW_SHARE } as const;
  const { markdown, results } = await checkFailure({ ...stage, env: traces.env }, failure, fact);
  const traceId = results.burnline.slowest[0]?.traceId ?? '';
  const tookMs = traces.durationMs(traceId) ?? 0;
  const isNamed = tookMs >= SLOW_MS && markdown.includes(traceId);
  fact('the slowest request is told by its trace', isNamed, { traceId, tookMs }, markdown);
}

/** A platform that fails requests. */
export async function checkFailing(stage: Stage, fact: Fact): Promise<void> {
  const failure = { name: 'api-errors', value: ERROR_SHARE, slo: 'availability', badShare: ERROR_SHARE } as const;
  const { xml } = await checkFailure(stage, failure, fact);
  fact('JUnit has that as a failure', /name="slo_availability: [^"]*"><failure /.test(xml), xml);
}

/** With a flag on, k6 ends early, the budget of its SLO burns, a page opens, and the gate says stop for all three. */
async function checkFailure(
  stage: Stage & { env?: NodeJS.ProcessEnv },
  { name, value, slo, badShare }: Failure,
  fact: Fact,
): Promise<Tested> {
  await using scene = await startScene(stage);
  await scene.flags.set({ name, value, for: undefined });
  const tested = await scene.test(name, 'load', { env: busy });
  const { good, total } = eventsOf(tested, slo);
  // Where the machine is too busy some are slow as well, but not so many.
  const isFound = total - good >= (total * badShare) / 2 && RegExp(`crossed +slo_${slo}`).test(tested.stdout);
  fact(`with ${name} on, k6 ends early with 99, for ${slo}`, endedEarly(tested) && isFound, tested);
  const pages = await watch(
    () => scene.monitoring.openPages(slo),
    ({ length }) => length > 0,
  );
  fact(`with ${name} on, an incident opens: ${pages[0]}`, pages.length > 0, await scene.monitoring.eventsOfAll());
  const said = await scene.askGate(tested.file);
  fact(`with ${name} on, the budget of ${slo} burns`, slosOf(said, 'budget', 'stop').includes(slo), said);
  const isForAll = (['k6', 'budget', 'incident'] as const).every(source => slosOf(said, source, 'stop').length > 0);
  fact(`with ${name} on, the gate says stop for all of that, and ends with 2`, said.code === 2 && isForAll, said);
  return tested;
}
