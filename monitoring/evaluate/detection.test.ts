import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAlerts } from '../../alerts/compile.ts';
import { randomId } from '../../base/ids.ts';
import { compileServices } from '../../slo/compile.ts';
import { availability, cloudRun, cloudRunRequests, service } from '../../slo/index.ts';
import { detectionSeconds, resetSeconds } from '../../slo/maths.ts';
import type { Tier } from '../../slo/tiers.ts';
import { createTestStore, requestCount } from '../testing.ts';
import { createEvaluator } from './evaluator.ts';

const PER_SECOND = 700;
const START_MS = Date.UTC(2026, 0, 5);
const DAY_SECONDS = 86_400;

const spec = service('checkout', {
  owner: 'payments',
  runsOn: cloudRun({ service: 'checkout', location: 'europe-west1' }),
  slos: [availability({ goal: 0.999, period: '30d', sli: cloudRunRequests(), why: 'Because.' })],
});
const { services, objectives, catalogue } = compileServices([spec], { project: 'local', nameSuffix: '' });
const policies = compileAlerts(catalogue).policies.filter(({ userLabels }) => userLabels.tier !== undefined);
const tiers = catalogue.services[0]?.objectives[0]?.tiers ?? [];
const native = tiers.filter(({ longSeconds }) => longSeconds <= DAY_SECONDS);

/** How often there is a point and an evaluation, and how long after its end a point is seen. */
const modes = {
  'at once': { sampleSeconds: 15, evaluationSeconds: 15, delaySeconds: 0 },
  // Cloud Run's.
  'as late as on Google Cloud': { sampleSeconds: 60, evaluationSeconds: 30, delaySeconds: 120 },
} as const;
type Mode = (typeof modes)[keyof typeof modes];

/** A steady share of errors that lasts for a time, after a day without any; when each policy's incident opened and closed. */
function simulate({ errors, outageSeconds, mode }: { errors: number; outageSeconds: number; mode: Mode }) {
  const { sampleSeconds, evaluationSeconds, delaySeconds } = mode;
  const store = createTestStore();
  const delayOf = () => delaySeconds * 1000;
  const evaluator = createEvaluator({ project: 'local', store, newId: randomId, delayOf });
  const [objective] = objectives;
  if (!objective || !services[0]) throw new Error('there is no SLO');
  evaluator.setObjective(objective, services[0]);
  for (const policy of policies) evaluator.setPolicy(policy);
  const opened = new Map<string, number>();
  const closed = new Map<string, number>();
  const outageFrom = DAY_SECONDS;
  const end = outageFrom + outageSeconds + 8 * 3600;
  for (let second = evaluationSeconds; second <= end; second += evaluationSeconds) {
    const endMs = START_MS + second * 1000;
    const point = (value: number) => ({ startMs: endMs - sampleSeconds * 1000, endMs, value });
    const isOut = second > outageFrom && second <= outageFrom + outageSeconds;
    const all = PER_SECOND * sampleSeconds;
    const bad = isOut ? Math.round(all * errors) : 0;
    if (second % sampleSeconds === 0) {
      evaluator.observe(store.add(requestCount('5xx'), point(bad)));
      evaluator.observe(store.add(requestCount('2xx'), point(all - bad)));
    }
    if (second < outageFrom) continue;
    const round = evaluator.evaluate(endMs);
    for (const { policy } of round.opened) opened.set(policy, second - outageFrom);
    for (const { policy } of round.closed) closed.set(policy, second - outageFrom - outageSeconds);
  }
  const ofTier = (tier: Tier) =>
    policies.find(({ userLabels }) => userLabels.tier === tier.name.toLowerCase())?.name ?? '';
  return { opened: (tier: Tier) => opened.get(ofTier(tier)), closed: (tier: Tier) => closed.get(ofTier(tier)) };
}

for (const [how, mode] of Object.entries(modes)) {
  for (const errors of [1, 0.15, 0.1, 0.05, 0.02]) {
    test(`with ${errors * 100} % errors, seen ${how}, each native tier opens and closes when the maths says`, () => {
      const outageSeconds = 5 * 3600;
      const toleranceSeconds = mode.sampleSeconds + mode.evaluationSeconds;
      const seen = simulate({ errors, outageSeconds, mode });
      assert.equal(native.length, 3);
      for (const tier of native) {
        const wanted = detectionSeconds({ errorRatio: errors, goal: 0.999, ...tier });
        const opened = seen.opened(tier);
        assert.ok(wanted !== undefined && wanted < outageSeconds, `${tier.name} is noticed`);
        assert.ok(opened !== undefined, `${tier.name} opens`);
        const late = opened - mode.delaySeconds - wanted;
        assert.ok(Math.abs(late) <= toleranceSeconds, `${tier.name} opens after ${opened} s, not ${wanted} s`);
        // The short window is all outage by then, so the formula holds from the end of the outage on.
        const reset = resetSeconds({ errorRatio: errors, goal: 0.999, ...tier });
        const closed = seen.closed(tier);
        assert.ok(reset !== undefined && closed !== undefined, `${tier.name} closes`);
        const lateToo = closed - mode.delaySeconds - reset;
        assert.ok(Math.abs(lateToo) <= toleranceSeconds, `${tier.name} closes after ${closed} s, not ${reset} s`);
      }
    });
  }
}

test('a burn just below a threshold never opens it', () => {
  for (const tier of native) {
    const errors = tier.threshold * 0.001 * 0.98;
    const seen = simulate({ errors, outageSeconds: 5 * 3600, mode: modes['at once'] });
    assert.equal(seen.opened(tier), undefined, `${tier.name} stays silent`);
  }
});
