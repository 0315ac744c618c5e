import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { toPrometheusRules } from '../../exports/prometheus/rules.ts';
import type { ObjectiveEntry } from '../../slo/catalogue.ts';
import { detectionSeconds, firingRatio, resetSeconds } from '../../slo/maths.ts';
import type { Tier } from '../../slo/tiers.ts';
import { counts, holds, type Question, type Scenario, toUnitTest } from './scenario.ts';
import { catalogue } from './specs.ts';

// Whole numbers also of a small share: what is added up must not seem to fall.
const PER_MINUTE = 1e6;
const HOUR = 60;

/** With as much history as the tiers' longest window has, at steps that promtool gets through. */
const PAGES = { severity: 'page', stepMinutes: 1, historyMinutes: 6 * HOUR } as const;
const TICKETS = { severity: 'ticket', stepMinutes: 5, historyMinutes: 72 * HOUR } as const;

const folder = mkdtempSync(join(tmpdir(), 'burnline-rules-'));
after(() => rmSync(folder, { recursive: true }));
const files = [...toPrometheusRules(catalogue)];
for (const { path, text } of files) writeFileSync(join(folder, path), text);

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

function ask(service: string, scenario: Scenario, questions: readonly Question[]): void {
  assert.ok(questions.length > 0);
  writeFileSync(join(folder, 'questions.yaml'), toUnitTest(`${service}.yaml`, scenario, questions));
  promtool('test', 'rules', 'questions.yaml');
}

function objectiveOf(service: string): ObjectiveEntry {
  const [objective] = catalogue.services.find(({ id }) => id === service)?.objectives ?? [];
  assert.ok(objective);
  return objective;
}

const alert = (tier: string) => `ALERTS{alertstate="firing", tier="${tier}"}`;
const firing = (tier: string, atMinute: number): Question => ({ atMinute, expr: `count(${alert(tier)})`, answer: 1 });
const silent = (tier: string, atMinute: number): Question => ({ ...firing(tier, atMinute), answer: undefined });

/** How many alerts of a tier there have been in all the time until then. */
function fired(tier: string, untilMinute: number, answer: number | undefined): Question {
  return { atMinute: untilMinute, expr: `count(count_over_time(${alert(tier)}[${untilMinute}m]))`, answer };
}

/** Reads, jobs and their durations at a constant rate, of which a share is bad in each stretch of time. */
function spoiled(stepMinutes: number, ...stretches: readonly { minutes: number; share: number }[]): Scenario {
  const grows = (rate: (bad: number) => number): string =>
    counts(
      stepMinutes,
      ...stretches.map(({ minutes, share }) => ({ minutes, perMinute: rate(Math.round(PER_MINUTE * share)) })),
    );
  const [good, bad, all] = [grows(count => PER_MINUTE - count), grows(count => count), grows(() => PER_MINUTE)];
  return {
    stepMinutes,
    series: {
      ...{ 'reads_total{fresh="true"}': good, 'reads_total{fresh="false"}': bad },
      ...{ done_total: good, failed_total: bad },
      ...{ 'took_seconds_bucket{le="2"}': good, took_seconds_count: all },
      // As Go writes it, which is how a scrape has it.
      ...{ 'size_bytes_bucket{le="1.048576e+06"}': good, size_bytes_count: all },
    },
  };
}

/** A tier fires and closes when the maths says so. */
function asComputed(
  goal: number,
  { name, threshold, longSeconds, shortSeconds }: Tier,
  options: { errorRatio: number; startMinute: number; endMinute: number; toleranceMinutes: number },
): Question[] {
  const { errorRatio, startMinute, endMinute, toleranceMinutes } = options;
  const detection = detectionSeconds({ errorRatio, goal, threshold, longSeconds });
  const reset = resetSeconds({ errorRatio, goal, threshold, shortSeconds });
  assert.ok(detection !== undefined && reset !== undefined);
  const [fires, closes] = [startMinute + detection / 60, endMinute + reset / 60];
  return [
    silent(name, Math.floor(fires - toleranceMinutes)),
    firing(name, Math.ceil(fires + toleranceMinutes)),
    firing(name, Math.floor(closes - toleranceMinutes)),
    silent(name, Math.ceil(closes + toleranceMinutes)),
  ];
}

test('promtool finds nothing wrong with the rules of every form of SLI, cause and alert', () => {
  assert.ok(files.length > 3);
  promtool('check', 'rules', ...files.map(({ path }) => path));
});

for (const { severity, stepMinutes, historyMinutes } of [PAGES, TICKETS]) {
  for (const form of ['bad-total', 'good-total', 'good-bad', 'cut', 'large-cut']) {
    test(`a ${severity} comes at its detection time and goes at its reset time, of ${form}`, () => {
      const [outage, errorRatio] = [8 * HOUR, 0.05];
      // To one evaluation.
      const options = {
        errorRatio,
        startMinute: historyMinutes,
        endMinute: historyMinutes + outage,
        toleranceMinutes: stepMinutes,
      };
      const { goal, tiers } = objectiveOf(form);
      const scenario = spoiled(
        stepMinutes,
        { minutes: historyMinutes, share: 0 },
        { minutes: outage, share: errorRatio },
        { minutes: 7 * HOUR, share: 0 },
      );
      const watched = tiers.filter(tier => tier.severity === severity);
      ask(
        form,
        scenario,
        watched.flatMap(tier => asComputed(goal, tier, options)),
      );
    });
  }

  test(`a ${severity} never comes of an error ratio that its threshold allows, and comes of a little more`, () => {
    const { goal, tiers } = objectiveOf('bad-total');
    for (const { name, threshold, longSeconds } of tiers.filter(tier => tier.severity === severity)) {
      const [allowed, minutes] = [firingRatio({ threshold, goal }), longSeconds / 60];
      const scenario = spoiled(stepMinutes, { minutes, share: allowed * 0.98 }, { minutes, share: allowed * 1.02 });
      ask('bad-total', scenario, [fired(name, minutes, undefined), firing(name, 2 * minutes)]);
    }
  });
}

test('bad windows of a gauge are counted as bad events are', () => {
  const { severity, stepMinutes, historyMinutes } = PAGES;
  const outage = 8 * HOUR;
  // The mean of a window that only ends or begins in the outage is out of range too: that is one window more.
  const age = holds(
    stepMinutes,
    { minutes: historyMinutes, value: 0 },
    { minutes: outage, value: 1e6 },
    { minutes: HOUR, value: 0 },
  );
  const { goal, tiers } = objectiveOf('windows');
  const options = {
    errorRatio: 1,
    startMinute: historyMinutes,
    endMinute: historyMinutes + outage,
    toleranceMinutes: 3,
  };
  const pages = tiers.filter(tier => tier.severity === severity);
  ask(
    'windows',
    { stepMinutes, series: { age } },
    pages.flatMap(tier => asComputed(goal, tier, options)),
  );
});

test('windows of one sample each are judged by their events: as many are bad as had bad ones', () => {
  // A sample in the middle of each minute. From the second hour on every other ten minutes are bad.
  const isBad = (minute: number) => minute >= HOUR && Math.floor(minute / 10) % 2 === 0;
  const sampled = (grows: (minute: number) => boolean) => {
    let value = 0;
    return Array.from({ length: 3 * HOUR }, (_, minute) => {
      if (grows(minute)) value += 100;
      return `_ ${value}`;
    }).join(' ');
  };
  const series = {
    'took_seconds_bucket{le="2"}': sampled(minute => !isBad(minute)),
    took_seconds_count: sampled(() => true),
  };
  const ratio = 'sum(slo:sli_error:ratio_rate1h)';
  ask('ratio-windows', { stepMinutes: 0.5, series }, [
    ...[HOUR, 3 * HOUR].map((atMinute, hour) => ({ atMinute, expr: `round(${ratio}, 0.05)`, answer: hour / 2 })),
    silent('page-fast', HOUR),
    firing('page-fast', 3 * HOUR - 5),
  ]);
});

test('an outage of all good events keeps every alert open, also when no window holds a good event any more', () => {
  const { stepMinutes, historyMinutes } = PAGES;
  const minutes = 8 * HOUR;
  const history = { minutes: historyMinutes, perMinute: PER_MINUTE };
  const series = {
    'reads_total{fresh="true"}': counts(stepMinutes, history, { minutes, perMinute: 'absent' }),
    'reads_total{fresh="false"}': counts(stepMinutes, { ...history, perMinute: 0 }, { minutes, perMinute: PER_MINUTE }),
  };
  const hours = Array.from({ length: minutes / HOUR }, (_, index) => historyMinutes + (index + 1) * HOUR);
  const { tiers } = objectiveOf('good-total');
  ask(
    'good-total',
    { stepMinutes, series },
    tiers.flatMap(({ name }) => hours.map(hour => firing(name, hour))),
  );
});

const remaining = 'sum(slo:period_error_budget_remaining:ratio)';

test('while nobody calls nothing fires, and the budget stays what it was', () => {
  const quiet = { minutes: 2 * HOUR, perMinute: 0 };
  const busy = (perMinute: number) => ({ minutes: 2 * HOUR, perMinute });
  const series = {
    'reads_total{fresh="true"}': counts(1, quiet, busy(9999), quiet),
    'reads_total{fresh="false"}': counts(1, quiet, busy(1), quiet),
  };
  ask('bad-total', { stepMinutes: 1, series }, [
    fired('page-fast', 6 * HOUR, undefined),
    // One in ten thousand is a tenth of one in a thousand.
    ...[4 * HOUR, 6 * HOUR].map(atMinute => ({ atMinute, expr: `round(${remaining}, 0.01)`, answer: 0.9 })),
  ]);
});

test('while nothing has failed yet, and there is no series of failures, the budget is whole', () => {
  const series = { 'reads_total{fresh="true"}': counts(1, { minutes: HOUR, perMinute: PER_MINUTE }) };
  ask('bad-total', { stepMinutes: 1, series }, [{ atMinute: HOUR, expr: remaining, answer: 1 }]);
});

test('with a least number of bad events one failure among few calls no one, and many do', () => {
  // Ten reads an hour, of which some fail in the second.
  const reads = Array.from({ length: 2 * HOUR + 1 }, (_, minute) => Math.floor(minute / 6));
  const failing = (most: number): Scenario => {
    const bad = reads.map(count => Math.min(most, Math.max(0, count - 10)));
    return {
      stepMinutes: 1,
      series: {
        'reads_total{fresh="true"}': reads.map((count, minute) => count - (bad[minute] ?? 0)).join(' '),
        'reads_total{fresh="false"}': bad.join(' '),
      },
    };
  };
  ask('bad-total', failing(1), [fired('page-fast', 2 * HOUR, 1)]);
  ask('counted', failing(1), [fired('page-fast', 2 * HOUR, undefined)]);
  ask('counted', failing(10), [fired('page-fast', 2 * HOUR, 1)]);
});

test('as one page both page tiers are the same alert from the first to the last minute', () => {
  const { stepMinutes, historyMinutes } = PAGES;
  const [outage, errorRatio] = [2 * HOUR, 0.05];
  const { goal, tiers } = objectiveOf('one-page');
  const [fast, slow] = tiers;
  assert.ok(fast && slow);
  const detection = detectionSeconds({ errorRatio, goal, ...fast });
  const reset = resetSeconds({ errorRatio, goal, ...slow });
  assert.ok(detection !== undefined && reset !== undefined);
  const first = historyMinutes + Math.ceil(detection / 60) + 1;
  const last = historyMinutes + outage + Math.floor(reset / 60) - 1;
  const scenario = spoiled(
    stepMinutes,
    { minutes: historyMinutes, share: 0 },
    { minutes: outage, share: errorRatio },
    { minutes: HOUR, share: 0 },
  );
  ask('one-page', scenario, [
    fired('page', last, 1),
    { atMinute: last, expr: `sum(count_over_time(${alert('page')}[${last - first}m]))`, answer: last - first + 1 },
  ]);
});
