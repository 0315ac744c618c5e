import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFreeze } from './freeze.ts';

test('the policy is told whole, whatever a spec leaves out', () => {
  assert.equal(
    describeFreeze(undefined),
    'Deploys stop while an error budget is overspent; a fix goes whatever is left.',
  );
  assert.equal(
    describeFreeze({ below: 0.1 }),
    'Deploys stop while less than 10 % of an error budget is left; a fix goes whatever is left.',
  );
  assert.equal(
    describeFreeze({ below: 0.1, fixesBelow: 0.02 }),
    'Deploys stop while less than 10 % of an error budget is left; a fix goes down to 2 %.',
  );
  assert.equal(
    describeFreeze({ below: 0.1, fixesBelow: 0 }),
    'Deploys stop while less than 10 % of an error budget is left; a fix goes until it is overspent.',
  );
});
