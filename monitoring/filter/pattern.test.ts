import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPattern } from './pattern.ts';

test('a pattern matches the whole value, dots match line ends too, and the syntax is RE2’s', () => {
  for (const [pattern, value, expected] of [
    ['[45]xx', '5xx', true],
    ['[45]xx', 'a5xx', false],
    ['a|ab', 'ab', true],
    ['a.b', 'a\nb', true],
    ['(?i)get', 'GET', true],
    ['\\pL+', 'é', true],
    ['', '', true],
  ] as const) {
    assert.equal(toPattern(pattern).test(value), expected, `${pattern} on ${value}`);
  }
});

for (const pattern of ['(a+)+b', '(a|aa)+b', '(.*)*b', '((a*)*)*b', '(a|a?)+b']) {
  test(`${pattern} does not hold up the process`, () => {
    // A matcher that goes back and tries again would need longer than there is time.
    assert.equal(toPattern(pattern).test('a'.repeat(10_000)), false);
  });
}

for (const [what, pattern] of [
  ['looks ahead', '(?=a)'],
  ['looks back', '(?<!a)b'],
  ['refers back', '(a)\\1'],
  ['is broken', '(a'],
] as const) {
  test(`a pattern that ${what} is refused`, () => {
    assert.throws(() => toPattern(pattern), {
      code: 'filter_invalid',
      message: `The regular expression ${pattern} cannot be read`,
    });
  });
}

test('what repeats by number more than a thousand times in all is refused, however it is written', () => {
  assert.equal(toPattern('(ab){500}').test('ab'.repeat(500)), true);
  for (const pattern of ['a{600}b{600}', 'a{1,600}b{1,600}', 'a{600,}b{600,}']) {
    assert.throws(() => toPattern(pattern), {
      code: 'filter_invalid',
      message: /repeats 1200 times by number, and at most 1000/,
    });
  }
});
