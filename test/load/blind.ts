import { insist, watch } from './attempts.ts';
import type { Fact } from './facts.ts';
import { slosOf } from './gate.ts';
import { type Scene, type Stage, startScene, type Tested } from './scene.ts';

/** The last of its steps, counted from 0: 10, 20 and 40 requests a second, for three seconds each. */
const LAST = 2;
const stairs = { RATE: '10', STEPS: '3', DURATION: '9s' };

/** A platform whose telemetry is dropped, which k6 does not see: it finds where it breaks. Of a test that passed elsewhere, the gate cannot say. */
export async function checkBlind(stage: Stage, fact: Fact, goodFile: string): Promise<void> {
  // What fails on purpose, OpenTelemetry need not tell.
  await using scene = await startScene({ ...stage, env: { OTEL_LOG_LEVEL: 'none' } });
  await scene.flags.set({ name: 'dropped-telemetry', value: undefined, for: undefined });
  await checkStress(scene, fact);
  // Cloud Run counts by itself, and first does so after an export was due.
  const counted = await watch(scene.monitoring.eventsOfAll, ({ availability }) => availability > 0);
  const said = await scene.askGate(goodFile);
  const isKnown = slosOf(said, 'budget', 'go').includes('availability');
  fact('with dropped-telemetry on, what Cloud Run counts is known', counted.availability > 0 && isKnown, counted, said);
  const unknown = slosOf(said, 'telemetry', 'not-enough');
  const isNamed = ['latency', 'freshness'].every(slo => unknown.includes(slo));
  fact('with dropped-telemetry on, latency and freshness are not', isNamed, said);
  fact('with dropped-telemetry on, the gate says not enough, and ends with 3', said.code === 3, said);
}

/** What is too much for it, a flag has to say: it is slow from the last step on. */
async function checkStress({ test, flags }: Scene, fact: Fact): Promise<void> {
  const isFound = ({ code, results, stdout }: Tested) =>
    code === 99 &&
    results.burnline.steps.findIndex(({ isBroken }) => isBroken) === LAST &&
    stdout.includes('Held 20/s; broke at 40/s');
  const attempt = async () => {
    const tested = await test('stress', 'stress', {
      env: stairs,
      async meanwhile(hasBegun) {
        await watch(() => hasBegun(LAST), Boolean);
        await flags.set({ name: 'api-latency', value: undefined, for: undefined });
      },
    });
    await flags.off('api-latency');
    return tested;
  };
  const stress = await insist(attempt, isFound);
  fact('stress says where the platform breaks, and ends with 99', isFound(stress), stress);
}
