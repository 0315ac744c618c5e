import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeBound, describeBudget, describeCount } from './words.ts';

test('a bound keeps three digits of what it has or of what it lacks', () => {
  assert.equal(describeBound(0.032, 'down'), '3.2 %');
  assert.equal(describeBound(0.85239, 'down'), '85.2 %');
  assert.equal(describeBound(0.85239, 'up'), '85.3 %');
  assert.equal(describeBound(0.998999921, 'down'), '99.899 %');
  assert.equal(describeBound(0.998999921, 'up'), '99.9 %');
  assert.equal(describeBound(0.29, 'down'), '29 %');
  assert.equal(describeBound(1.453, 'up'), '145.3 %');
  assert.deepEqual([describeBound(1e-9, 'down'), describeBound(1e-9, 'up')], ['0 %', '0.000001 %']);
  assert.deepEqual([describeBound(0, 'down'), describeBound(1, 'up')], ['0 %', '100 %']);
});

test('a bound is never rounded to the better side', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), share => {
      const [down, up] = (['down', 'up'] as const).map(round => Number.parseFloat(describeBound(share, round)) / 100);
      assert.ok((down as number) <= share + 1e-12 && share <= (up as number) + 1e-12);
    }),
  );
});

test('counts have their thousands apart, and budgets their period', () => {
  assert.equal(describeCount(29_956), '29,956');
  assert.equal(describeBudget({ rolling: true, seconds: 28 * 86_400 }), '28-day budget');
  assert.equal(describeBudget({ rolling: false, calendar: 'month', seconds: 28 * 86_400 }), 'calendar-month budget');
});
