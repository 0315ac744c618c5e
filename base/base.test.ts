import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeProblems, errorTable, showValue } from './errors.ts';
import { isFiniteJson, isJsonObject, jsonDepth, parseJson } from './json.ts';
import { formatRfc3339, parseRfc3339 } from './time.ts';

test('RFC 3339 is read with offsets and cut to microseconds', () => {
  const utc = Date.UTC(2024, 9, 10, 10, 0, 0) * 1000;
  for (const [text, micros] of [
    ['2024-10-10T10:00:00Z', utc],
    ['2024-10-10t10:00:00z', utc],
    ['2024-10-10T12:30:00+02:30', utc],
    ['2024-10-10T10:00:00.5Z', utc + 500_000],
    ['2024-10-10T10:00:00.123456789Z', utc + 123_456],
  ] as const) {
    assert.equal(parseRfc3339(text), micros, text);
  }
});

test('what is no RFC 3339 date-time, or names a day or hour that does not exist, is refused', () => {
  for (const text of [
    '',
    'yesterday',
    '2024-10-10',
    '2024-10-10T10:00:00',
    '2024-10-10 10:00:00Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-10-10T24:00:00Z',
    '2024-10-10T10:60:00Z',
    '2024-10-10T10:00:60Z',
    '2024-10-10T10:00:00+24:00',
    '1728554400000',
  ]) {
    assert.equal(parseRfc3339(text), undefined, text);
  }
});

test('every microsecond from 1970 to 2200 comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 7_258_118_400_000_000 }),
      micros => parseRfc3339(formatRfc3339(micros)) === micros,
    ),
  );
});

test('a time is written with no more decimals than it has', () => {
  const whole = Date.UTC(2024, 9, 10, 10) * 1000;
  assert.equal(formatRfc3339(whole), '2024-10-10T10:00:00Z');
  assert.equal(formatRfc3339(whole + 120_000), '2024-10-10T10:00:00.12Z');
  assert.equal(formatRfc3339(whole + 1), '2024-10-10T10:00:00.000001Z');
});

test('integers beyond 2^53 are kept digit for digit, all else is plain JSON', () => {
  const text = '{"big":12345678901234567890,"neg":-9007199254740993,"safe":9007199254740991,"f":0.12345678901234567}';
  const parsed = parseJson(text) as Record<string, unknown>;
  assert.equal(
    JSON.stringify(parsed),
    '{"big":12345678901234567890,"neg":-9007199254740993,"safe":9007199254740991,"f":0.12345678901234566}',
  );
  assert.equal(parsed.safe, Number.MAX_SAFE_INTEGER);
  assert.ok(!isJsonObject(parsed.big));
});

test('any JSON value is written as JSON.parse would have it written', () => {
  fc.assert(
    fc.property(fc.json(), text => assert.equal(JSON.stringify(parseJson(text)), JSON.stringify(JSON.parse(text)))),
  );
});

test('depth is counted without recursion', () => {
  assert.equal(jsonDepth(1, 10), 0);
  assert.equal(jsonDepth([], 10), 1);
  assert.equal(jsonDepth({ a: [{ b: 1 }] }, 10), 3);
  assert.ok(jsonDepth(JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`), 32) > 32);
});

test('a number that is too large for one is found wherever it is, and a long integer is none', () => {
  for (const text of ['1e400', '-1e400', '[1e400]', '{"a":[{"b":1.0000000000000000e400}]}']) {
    assert.equal(isFiniteJson(parseJson(text)), false, text);
  }
  for (const text of ['1e300', 'null', '"1e400"', `[{"a":1${'0'.repeat(400)}}]`, '{"1e400":1e-400}']) {
    assert.equal(isFiniteJson(parseJson(text)), true, text);
  }
});

test('an error carries its row, and says what, where and which value', () => {
  const { error } = errorTable({ bad: { status: 400, exitCode: 1, title: 'Bad' } });
  const made = error('bad', 'a is bad', { problems: [{ field: 'a', rule: 'must be 1', value: '2' }] });
  assert.equal(made.row.status, 400);
  assert.equal(describeProblems(made.problems), 'a must be 1, not 2');
  assert.equal(showValue('x'.repeat(200)).length, 100);
  assert.equal(showValue(undefined), 'undefined');
  assert.equal(showValue(Number.POSITIVE_INFINITY), 'Infinity');
});
