import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combine, type Verdict } from './reason.ts';

const verdict = fc.constantFrom<Verdict>('go', 'stop', 'not-enough');
const of = (verdicts: readonly Verdict[]) =>
  combine(verdicts.map(verdict => ({ source: 'budget', verdict, sentence: 'so it is' })));

test('one stop stops, one gap leaves it open, and only go alone goes', () => {
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1 }), verdicts => {
      const expected = ['stop', 'not-enough', 'go'].find(verdict => verdicts.includes(verdict as Verdict));
      assert.equal(of(verdicts), expected);
    }),
  );
});

test('nothing found is no reason to go', () => {
  assert.equal(of([]), 'not-enough');
});
