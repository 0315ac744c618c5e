import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAlerts } from '../../alerts/compile.ts';
import { tidy } from '../../base/durations.ts';
import { delaysOf } from '../../monitoring/delay.ts';
import { createEvaluator } from '../../monitoring/evaluate/evaluator.ts';
import type { Point, SeriesIdentity, Value } from '../../monitoring/model.ts';
import { createTestStore } from '../../monitoring/testing.ts';
import { absences } from '../../slo/absences.ts';
import type { CauseTest } from '../../slo/causes.ts';
import { seriesOf } from '../../slo/causes.ts';
import { compileServices } from '../../slo/compile.ts';
import { detectionSeconds, resetSeconds } from '../../slo/maths.ts';
import { type Matches, valuesOf } from '../../slo/metric.ts';
import { ingest } from '../../slo/services/ingest.slo.ts';
import { recordsApi } from '../../slo/services/records-api.slo.ts';
import { warehouse } from '../../slo/services/warehouse.slo.ts';
import { paceOf } from '../local/pace.ts';
import { watchedMetrics } from '../local/watched.ts';
import { type ExpectedAlert, expectAlerts } from './expect.ts';
import { type FlagName, flagNames, flagTable } from './table.ts';

const target = { project: 'local', nameSuffix: '' };
const { catalogue } = compileServices([recordsApi, ingest, warehouse], target);
const { policies } = compileAlerts(catalogue);
const policyOf = ({ alert, tier }: ExpectedAlert) => {
  const id = `${alert.replace('/', '-')}${tier === 'cause' ? '' : `-${tier}`}`;
  return policies.find(({ name }) => name === `projects/local/alertPolicies/${id}`);
};
const expectedOf = (name: FlagName, value: number = flagTable[name].value, asGoogle = false) =>
  expectAlerts(name, value, catalogue, asGoogle);

test('every flag moves alerts that are there, and which of them are evaluated is as their conditions say', () => {
  for (const name of flagNames) {
    const expected = expectedOf(name);
    for (const { of } of flagTable[name].moves)
      assert.ok(
        expected.some(({ alert }) => alert === of),
        of,
      );
    for (const alert of expected) {
      const policy = policyOf(alert);
      assert.ok(policy, alert.alert);
      const isPromQl = policy.conditions.some(condition => 'conditionPrometheusQueryLanguage' in condition);
      assert.equal(alert.isEvaluated, !isPromQl, policy.name);
      assert.equal(policy.severity, alert.severity === 'page' ? 'CRITICAL' : 'WARNING');
    }
  }
});

for (const share of [0.02, 0.05, 0.1, 0.15, 1]) {
  test(`with ${share * 100} % errors every tier opens and closes when the maths says`, () => {
    const { goal = 0, tiers = [] } = catalogue.services[0]?.objectives.find(({ id }) => id === 'availability') ?? {};
    const expected = expectedOf('api-errors', share);
    assert.equal(expected.length, 5);
    for (const [index, { tier, opensAfterSeconds, closesAfterSeconds }] of expected.entries()) {
      const { name, ...windows } = tiers[index] ?? assert.fail(tier);
      assert.equal(tier, name);
      assert.equal(opensAfterSeconds, detectionSeconds({ errorRatio: share, goal, ...windows }));
      assert.equal(closesAfterSeconds, resetSeconds({ errorRatio: share, goal, ...windows }));
    }
  });
}

test('a burn that no tier notices opens nothing, ever', () => {
  const never = expectedOf('api-errors', 0.001);
  assert.deepEqual([never[0]?.opensAfterSeconds, never[0]?.closesAfterSeconds], [null, null]);
  const slow = expectedOf('api-latency', 199);
  assert.equal(slow.length, 5);
  for (const { opensAfterSeconds } of slow) assert.equal(opensAfterSeconds, null);
  for (const { opensAfterSeconds } of expectedOf('slow-appends', 999)) assert.equal(opensAfterSeconds, null);
});

test('half of the answers over the threshold are 50 % errors of the latency', () => {
  const [fast] = expectedOf('api-latency', 200);
  assert.equal(fast?.opensAfterSeconds, (13.44 * 0.01 * 3600) / 0.5);
});

test('without telemetry there is no data for every SLO that is fed by it', () => {
  const fed = catalogue.services.flatMap(service =>
    absences(service).flatMap(({ id, when }) =>
      when.test === 'absent' && seriesOf(when).metric.otelName !== undefined ? [`${service.id}/${id}`] : [],
    ),
  );
  assert.deepEqual(
    expectedOf('dropped-telemetry').map(({ alert }) => alert),
    fed,
  );
});

test('as on Google Cloud each alert opens and closes later by as much as its data is seen later', () => {
  for (const [name, seconds] of [
    ['api-errors', 120],
    ['api-latency', 60],
  ] as const) {
    const soon = expectedOf(name);
    for (const [index, { opensAfterSeconds, closesAfterSeconds }] of expectedOf(name, undefined, true).entries()) {
      const { opensAfterSeconds: opens, closesAfterSeconds: closes } = soon[index] ?? assert.fail(name);
      assert.deepEqual(
        [opensAfterSeconds, closesAfterSeconds],
        [tidy((opens ?? 0) + seconds), tidy((closes ?? 0) + seconds)],
      );
    }
  }
  assert.equal(expectedOf('api-errors', 0.001, true)[0]?.opensAfterSeconds, null);
});

const causes = [false, true].flatMap(asGoogle =>
  flagNames.flatMap(name =>
    expectedOf(name, undefined, asGoogle)
      .filter(({ tier }) => tier === 'cause')
      .map(expected => ({ name, expected, asGoogle })),
  ),
);
const ON_SECONDS = 2 * 3600;
const START_MS = Date.UTC(2026, 0, 5);

for (const { name, expected, asGoogle } of causes) {
  const how = asGoogle ? ', as on Google Cloud' : '';
  test(`with ${name} on, ${expected.alert} opens and closes when it is said to${how}`, () => {
    const { opened, closed } = simulate(name, expected, asGoogle);
    const { sampleSeconds, evaluationSeconds } = paceOf(asGoogle);
    const isNear = (seconds: number | undefined, wanted: number | null) =>
      seconds === undefined || wanted === null
        ? (seconds ?? null) === wanted
        : Math.abs(seconds - wanted) <= sampleSeconds + evaluationSeconds;
    assert.ok(isNear(opened, expected.opensAfterSeconds), `it opens after ${opened} s`);
    assert.ok(isNear(closed, expected.closesAfterSeconds), `it closes after ${closed} s`);
  });
}

/** An hour that is well, the flag for two hours, and an hour without: when the real policy opened and closed. */
function simulate(name: FlagName, expected: ExpectedAlert, asGoogle: boolean): { opened?: number; closed?: number } {
  const [serviceId, id] = expected.alert.split('/');
  const service = catalogue.services.find(known => known.id === serviceId) ?? assert.fail(serviceId);
  const { when } = [...service.causes, ...absences(service)].find(cause => cause.id === id) ?? assert.fail(id);
  const series = identityOf(when);
  const store = createTestStore();
  const delays = asGoogle && { delayOf: delaysOf(watchedMetrics(catalogue)) };
  const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i', ...delays });
  const { sampleSeconds, evaluationSeconds } = paceOf(asGoogle);
  evaluator.setPolicy(policyOf(expected) ?? assert.fail(expected.alert));
  const seen: { opened?: number; closed?: number } = {};
  const [onFrom, onUntil] = [3600, 3600 + ON_SECONDS];
  for (let second = evaluationSeconds; second <= onUntil + 3600; second += evaluationSeconds) {
    const endMs = START_MS + second * 1000;
    const onForSeconds = second > onFrom && second <= onUntil ? second - onFrom : 0;
    // What waits for a replay goes on waiting.
    const value = sampleOf(when, name, expected.closesOnce ? Math.max(0, second - onFrom) : onForSeconds);
    const startMs = series.metricKind === 'GAUGE' ? endMs : endMs - sampleSeconds * 1000;
    if (value !== undefined && second % sampleSeconds === 0)
      evaluator.observe(store.add(series, { startMs, endMs, value } satisfies Point));
    const round = evaluator.evaluate(endMs);
    if (round.opened.length > 0) seen.opened = second - onFrom;
    if (round.closed.length > 0) seen.closed = second - onUntil;
  }
  return seen;
}

/** What the series of a cause alert has at a sample. */
function sampleOf(when: CauseTest, name: FlagName, onForSeconds: number): Value | undefined {
  const isOn = onForSeconds > 0;
  switch (when.test) {
    case 'count':
      return isOn ? 10 : 0;
    case 'above':
      return when.gauge.metric.unit === 's' ? onForSeconds : Number(isOn);
    case 'percentile': {
      const slow = isOn ? (name === 'api-latency' ? 50 : 100) : 0;
      return { count: 100, sum: 0, bounds: [when.valueSeconds, 10], counts: [100 - slow, slow, 0] };
    }
    case 'absent':
      return isOn ? undefined : emptyOf(when);
    case 'drop':
      return assert.fail('no flag moves it');
  }
}

const emptyOf = (when: CauseTest): Value =>
  seriesOf(when).metric.value === 'DISTRIBUTION' ? { count: 0, sum: 0, bounds: [1], counts: [0, 0] } : 0;

/** A series that a cause alert's filter selects. */
function identityOf(when: CauseTest): SeriesIdentity {
  const { metric, labels, resourceLabels } = seriesOf(when);
  const plain = (matches: Matches) =>
    Object.fromEntries(
      Object.entries(matches).flatMap(([key, match]) => {
        const { not, values } = valuesOf(match, target);
        return not ? [] : [[key, values[0] ?? '']];
      }),
    );
  return {
    metric: { type: metric.type, labels: plain(labels) },
    resource: { type: metric.resource, labels: { project_id: 'local', ...plain(resourceLabels) } },
    metricKind: metric.kind,
    valueType: metric.value,
  };
}
