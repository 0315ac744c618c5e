import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from './budget.ts';
import { toJunit } from './junit.ts';
import { toMarkdown } from './markdown.ts';
import { breakingPoint, isHeld, type K6Data, readReport } from './report.ts';
import { toText } from './text.ts';
import { describeBreak, share } from './words.ts';

const available = { kind: 'availability', goal: 0.999, metric: 'slo_availability', eventsToProve: 2995, routes: [] };
const steps = [10, 20, 40].map(perSecond => ({ perSecond, seconds: 100 }));
const goals = [{ goal: available, events: [1000, 2000, 4000] }];
const plan: Plan = {
  test: 'stress',
  service: 'api',
  steps,
  goals,
  trend: 'http_req_duration',
  eventsEach: 1,
  secondsMax: 1,
};
const slowest = [{ request: 'GET /records, a page', durationMs: 1234.5, traceId: 'abc' }];
const about = { plan, target: 'http://api', slowest };

type Step = { good: number; bad: number; ok?: boolean };

/** What k6 tells of a test whose steps went so, each with a threshold on its rate. */
function toData(given: Step[], { dropped = true }: { dropped?: boolean } = {}): K6Data {
  const rate = (passes: number, fails: number) => ({ passes, fails, rate: passes / (passes + fails) });
  const sum = (pick: (step: Step) => number) => given.reduce((total, step) => total + pick(step), 0);
  const inSteps = given.flatMap(({ good, bad, ok = true }, index) => [
    [`slo_availability{step:${index}}`, { values: rate(good, bad), thresholds: { 'rate>=0.999': { ok } } }],
    [`http_req_duration{step:${index}}`, { values: { med: 2, 'p(95)': 30.04, max: 1234.5 } }],
  ]);
  return {
    metrics: Object.fromEntries([
      [
        'slo_availability',
        {
          values: rate(
            sum(({ good }) => good),
            sum(({ bad }) => bad),
          ),
        },
      ],
      ['dropped_iterations', { values: { count: 0 }, thresholds: { 'count<=70': { ok: dropped } } }],
      ...inSteps,
    ]),
    root_group: {
      checks: [
        { name: 'a page is <right> & "whole"', passes: 5, fails: 0 },
        { name: 'a record is right', passes: 8, fails: 2 },
      ],
    },
    state: { testRunDurationMs: 123_456 },
  };
}

const broken = readReport(
  toData([
    { good: 1000, bad: 0 },
    { good: 1999, bad: 1 },
    { good: 900, bad: 100, ok: false },
  ]),
  about,
);

test('a report has what was counted, planned and allowed, of the whole and of each step', () => {
  const metric = { metric: 'slo_availability', goal: 0.999 };
  assert.deepEqual(broken.counts, [{ ...metric, good: 3899, total: 4000, planned: 7000, allowed: 7 }]);
  assert.deepEqual(
    broken.steps.map(({ counts: [count], isBroken }) => [count?.good, count?.total, count?.allowed, isBroken]),
    [
      [1000, 1000, 1, false],
      [1999, 2000, 2, false],
      [900, 1000, 4, true],
    ],
  );
  assert.deepEqual(
    broken.thresholds.map(({ metric, isKept }) => [metric, isKept]),
    [
      ['dropped_iterations', true],
      ['slo_availability{step:0}', true],
      ['slo_availability{step:1}', true],
      ['slo_availability{step:2}', false],
    ],
  );
});

test('it broke in the first step that missed a goal', () => {
  assert.equal(
    describeBreak(broken),
    'Held 20/s; broke at 40/s (step 3 of 3): slo_availability 90 % where 99.9 % is promised.',
  );
});

test('where load was dropped it broke in the step that was under way', () => {
  const report = readReport(
    toData(
      [
        { good: 1000, bad: 0 },
        { good: 9, bad: 0 },
      ],
      { dropped: false },
    ),
    about,
  );
  assert.equal(describeBreak(report), 'Held 10/s; broke at 20/s (step 2 of 3): not all of the load could be sent.');
});

test('it may break at once, or not at all', () => {
  const first = readReport(toData([{ good: 0, bad: 9, ok: false }]), about);
  assert.match(describeBreak(first), /^No step held; broke at 10\/s \(step 1 of 3\): /);
  const whole = readReport(toData([1, 2, 4].map(times => ({ good: 1000 * times, bad: 0 }))), about);
  assert.deepEqual(breakingPoint(whole), { held: whole.steps[2] });
  assert.equal(describeBreak(whole), 'Every step held, up to 40/s.');
  const ended = readReport(toData([{ good: 1000, bad: 0 }]), about);
  assert.equal(describeBreak(ended), 'Held 10/s; the next was not reached.');
  assert.equal(describeBreak(readReport(toData([]), about)), 'No step held; the next was not reached.');
  const single = readReport(toData([]), { ...about, plan: { ...plan, steps: steps.slice(0, 1) } });
  assert.equal(describeBreak(single), '');
});

test('a test that did not send its load has shown nothing, whatever k6 says of its thresholds', () => {
  const sent = (good: number) => readReport(toData([{ good, bad: 0 }]), about);
  assert.deepEqual(
    [0, 6000, 6500, 7000].map(good => isHeld(sent(good))),
    [false, false, true, true],
  );
  assert.match(toText(sent(0)), /its load was not sent, so it shows nothing, with 0 of 7,000 planned events/);
  assert.match(toMarkdown(sent(0), { traceUrl: undefined }), /: not held\n/);
  assert.match(toJunit(sent(0)), /name="the planned load was sent"><failure /);
  assert.ok(!isHeld(broken));
});

test('a share is 100 % only where nothing is bad, and nothing where nothing was counted', () => {
  assert.equal(share({ good: 10, total: 10 }), '100 %');
  assert.equal(share({ good: 9_999_999, total: 10_000_000 }), '99.999 %');
  assert.equal(share({ good: 2998, total: 3000 }), '99.933 %');
  assert.equal(share({ good: 0, total: 0 }), 'none counted');
});

test('the terminal is told the outcome, the goals, what was crossed, what was wrong and the slowest request', () => {
  assert.equal(
    toText(broken),
    `
stress against http://api: 1 of 4 thresholds were crossed, with 4,000 of 7,000 planned events in 123.5 s
  slo_availability        3,899 of 4,000 good, 97.475 % where 99.9 % is promised
  10/s                    median 2 ms, 95 % within 30 ms, all within 1,234.5 ms
  20/s                    median 2 ms, 95 % within 30 ms, all within 1,234.5 ms
  40/s                    median 2 ms, 95 % within 30 ms, all within 1,234.5 ms
  crossed                 slo_availability{step:2}: rate>=0.999
  wrong                   a record is right: 2 of 10 not
  slowest                 GET /records, a page, 1,234.5 ms, trace abc
Held 20/s; broke at 40/s (step 3 of 3): slo_availability 90 % where 99.9 % is promised.
`,
  );
});

test('Markdown has the same in tables, and a link to the trace where there is one to make', () => {
  const text = toMarkdown(broken, { traceUrl: 'https://traces/{traceId}?x={traceId}' });
  for (const line of [
    '# Load test `stress` of api: not held',
    '| slo_availability | 99.9 % | 3,899 | 4,000 | 97.475 % | 101 | 7 |',
    '| 40/s, broke | 100 s | 90 % | 2 ms | 30 ms | 1,234.5 ms |',
    '- `slo_availability{step:2}`: `rate>=0.999`',
    '| GET /records, a page | 1,234.5 ms | [`abc`](https://traces/abc?x=abc) |',
    '| a record is right | 8 | 2 |',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
  assert.match(toMarkdown(broken, { traceUrl: undefined }), /\| 1,234.5 ms \| `abc` \|/);
});

test('JUnit has a case for each threshold and check, in well-formed XML', () => {
  const text = toJunit(broken);
  assert.match(text, /<testsuite name="stress" tests="7" failures="3" time="123.456">/);
  assert.match(
    text,
    /name="slo_availability\{step:2\}: rate&gt;=0.999"><failure message="The threshold was crossed"\/>/,
  );
  assert.match(text, /classname="stress.checks" name="a page is &lt;right&gt; &amp; &quot;whole&quot;"\/>/);
  assert.match(text, /name="a record is right"><failure message="2 of 10 answers were not so"\/>/);
});
