import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { createManualClock } from '../base/clock.ts';
import { limitRate } from './rate-limit.ts';

test('the client not seen for longest is forgotten first, and so are no more than the limit remembered', async () => {
  const limit = limitRate({ requestsPerSecondMax: 1, clock: createManualClock(0), isOpen: () => false, clientsMax: 2 });
  const ask = (client: string) => {
    const ctx = { state: { client }, ip: '', set: () => {} } as unknown as Context;
    try {
      limit(ctx, async () => {});
      return 'let in';
    } catch {
      return 'refused';
    }
  };
  assert.deepEqual(['a', 'b', 'a', 'b'].map(ask), ['let in', 'let in', 'refused', 'refused']);
  assert.equal(ask('a'), 'refused');
  assert.equal(ask('c'), 'let in', 'b is forgotten');
  assert.deepEqual(['a', 'b'].map(ask), ['refused', 'let in']);
});
