import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeK6 } from './k6.ts';
import type { Reason } from './reason.ts';
import { checkout } from './testing.ts';

const rate = (passes: number, fails: number) => ({
  type: 'rate',
  contains: 'default',
  values: { rate: 0, passes, fails },
});
const judgeText = (text: string) => judgeK6(checkout(), { path: 'k6.json', text });
const judge = (metrics: object, more: object = {}) => judgeText(JSON.stringify({ metrics, ...more }));
const found = (reasons: readonly Reason[], slo: string) => reasons.find(reason => reason.slo === slo);

test('verdicts agree with the exact binomial on a table of cases', () => {
  // Of 99.9 %: proven from 2,995 requests on with none bad, 4,742 with one; missed where so many bad have a chance below 5 %.
  for (const [good, bad, verdict] of [
    [1, 0, 'not-enough'],
    [2994, 0, 'not-enough'],
    [2995, 0, 'go'],
    [4740, 1, 'not-enough'],
    [4741, 1, 'go'],
    [999, 1, 'not-enough'],
    // The chance of 4 or more bad in 1,000 is 1.9 %, of 3 or more 8.0 %.
    [997, 3, 'not-enough'],
    [996, 4, 'stop'],
    [0, 1, 'stop'],
    [0, 5000, 'stop'],
    [999_500, 500, 'go'],
    // A little more than the goal and a little less, which a hundred thousand requests do not tell apart.
    [99_910, 90, 'not-enough'],
    [99_890, 110, 'not-enough'],
    [99_880, 120, 'stop'],
  ] as const) {
    const reason = found(judge({ slo_availability: rate(good, bad) }), 'availability');
    assert.equal(reason?.verdict, verdict, `${good} good, ${bad} bad: ${reason?.sentence}`);
  }
});

test('a goal that is proven, missed or neither is told with the numbers and how many requests it needs', () => {
  const sentences = (metrics: object) => judge(metrics).map(({ verdict, sentence }) => `${verdict}: ${sentence}`);
  assert.deepEqual(
    sentences({ slo_availability: rate(1000, 0), slo_fast_answers: rate(900, 100), slo_young: rate(3010, 10) }),
    [
      'not-enough: availability is not proven: 1,000 of 1,000 requests were good, and 99.9 % at 95 % confidence needs 2,995, all of them good',
      'stop: fast-answers is missed: 900 of 1,000 requests were good, so at most 91.53 % at 95 % confidence, and the goal is 99 %',
      'go: young is proven: 3,010 of 3,020 requests were good, so at least 99.438 % at 95 % confidence, and the goal is 90 %',
    ],
  );
  assert.match(`${sentences({ slo_availability: rate(999, 1) })}`, /needs 4,742, no more than 1 of them bad/);
});

test('an SLO without a request is not proven', () => {
  const [reason] = judge({ slo_availability: rate(0, 0) });
  assert.deepEqual([reason?.verdict, reason?.figures?.needed], ['not-enough', 2995]);
});

test('in a file of any script, failed requests stand for availability, and for no windows', () => {
  const [reason, rest] = judge({ http_req_failed: rate(0, 2995) });
  assert.deepEqual([reason?.slo, reason?.verdict, reason?.figures?.good], ['availability', 'go', 2995]);
  assert.equal(rest?.sentence, 'not in the k6 file, so judged by the budget alone: fast-answers, young');
});

test('a threshold that failed stops, whatever else was proven', () => {
  const reasons = judge({
    slo_availability: rate(3000, 0),
    'http_req_duration{route:/}': {
      ...{ type: 'trend', values: { avg: 10, 'p(99)': 312.51234 } },
      thresholds: { 'p(99)<200': { ok: false }, 'avg<100': { ok: true } },
    },
  });
  assert.deepEqual(
    reasons.filter(({ verdict }) => verdict === 'stop').map(({ sentence }) => sentence),
    ["k6's threshold failed: http_req_duration{route:/} p(99)<200, it was 312.512"],
  );
});

test('a file that holds nothing to judge by is not enough, and says why', () => {
  for (const [text, why] of [
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['{', 'is no JSON'],
    ['null', 'holds no metrics: it must be the data of handleSummary'],
    ['{"metrics":{}}', 'holds no metrics: it must be the data of handleSummary'],
    [
      '{"metrics":{"slo_availability":{"type":"rate","values":{"rate":1}}}}',
      'has no counts in its rate slo_availability',
    ],
    [
      '{"metrics":{"slo_availability":{"type":"rate","values":{"passes":-1,"fails":0.5}}}}',
      'has no counts in its rate slo_availability',
    ],
    ['{"metrics":{"iterations":{"type":"counter","values":{"count":1}}}}', 'counts nothing that an SLO is about'],
  ] as const) {
    const reasons = judgeText(text);
    assert.deepEqual(
      reasons.map(({ verdict, sentence }) => [verdict, sentence]),
      [['not-enough', `the k6 file k6.json ${why}`]],
    );
  }
});

test('a file of another service is refused, and one of this service is not', () => {
  const metrics = { slo_availability: rate(2995, 0) };
  assert.throws(() => judge(metrics, { burnline: { service: 'cart' } }), {
    code: 'k6_foreign',
    message: 'the k6 file k6.json is of cart, not of checkout',
  });
  assert.equal(judge(metrics, { burnline: { service: 'checkout', test: 'load' } })[0]?.verdict, 'go');
});
