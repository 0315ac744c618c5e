import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeSeconds, describeShare, secondsOf, tidy, toDuration } from './durations.ts';

test('a duration is read in each of its units', () => {
  assert.deepEqual((['200ms', '1.5s', '5m', '1h', '28d'] as const).map(secondsOf), [0.2, 1.5, 300, 3600, 2_419_200]);
});

test('what is no duration is refused by a sentence that shows it', () => {
  for (const text of ['', '5', 'm', '-5m', '5 m', '1h30m', '5w', '5M', '1e3s', '.5s']) {
    assert.throws(() => secondsOf(text as '1s'), {
      name: 'TypeError',
      message: `must be a duration such as 200ms, 5m, 1h or 28d, not "${text}"`,
    });
  }
});

test('a length is written in the largest unit that holds it whole', () => {
  const written = [0.0005, 0.2, 1, 1.5, 90, 300, 5400, 3600, 21_600, 86_400, 259_200].map(toDuration);
  assert.deepEqual(written, ['0.5ms', '200ms', '1s', '1.5s', '90s', '5m', '90m', '1h', '6h', '1d', '3d']);
});

test('every whole number of milliseconds up to a year comes back as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 31_536_000_000 }), milliseconds => {
      const seconds = tidy(milliseconds / 1000);
      assert.equal(secondsOf(toDuration(seconds)), seconds);
    }),
  );
});

test('whole seconds are written as PromQL takes them, without a point', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 31_536_000 }), seconds => /^\d+[smhd]$/.test(toDuration(seconds))));
});

test('a number loses the noise of binary fractions, and nothing else', () => {
  assert.equal(1 - 0.999, 0.0010000000000000009);
  assert.equal(tidy(1 - 0.999), 0.001);
  assert.equal(tidy(0.1 + 0.2), 0.3);
  assert.equal(tidy(123_456_789_012), 123_456_789_012);
});

test('seconds are told in one unit and three digits', () => {
  const told = [0, 0.2, 1, 51.84, 60, 90, 1036.8, 3600, 5400, 9000, 86_400, 90_000, 180_013, 2_419_200];
  assert.deepEqual(told.map(describeSeconds), [
    ...['0 ms', '200 ms', '1 s', '51.8 s', '1 min', '90 s', '17.3 min', '1 h', '90 min', '2.5 h'],
    ...['1 d', '25 h', '2.08 d', '28 d'],
  ]);
});

test('a share is told as a percentage of four digits, and a high one by three digits of what it lacks', () => {
  const told = [0, 0.001, 0.02, 3 / 28, 0.5, 6 / 7, 0.99, 0.999, 0.9999, 0.99999, 0.9995 ** 2 * 0.9999, 1, 1.44, -9];
  assert.deepEqual(told.map(describeShare), [
    ...['0 %', '0.1 %', '2 %', '10.71 %', '50 %', '85.71 %', '99 %', '99.9 %', '99.99 %', '99.999 %'],
    ...['99.89 %', '100 %', '144 %', '-900 %'],
  ]);
});
