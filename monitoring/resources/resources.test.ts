import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { openResources } from './resources.ts';

test('what is kept is there again after a restart, in the order in which it was made', () => {
  const path = join(temporaryFolder(), 'deeper', 'resources.sqlite');
  const clock = createManualClock(1000);
  const first = openResources({ path, clock });
  first.put('services', 'b', { n: 1 });
  first.put('services', 'a', { n: 2 });
  first.put('groups', 'a', {});
  clock.advance(5);
  const changed = first.put('services', 'b', { n: 3 });
  first.remove('groups', 'a');
  first.close();
  const second = openResources({ path, clock });
  assert.deepEqual(
    second.list('services').map(({ name, json, createdMs, updatedMs }) => [name, json, createdMs, updatedMs]),
    [
      ['b', { n: 3 }, 1000, 1005],
      ['a', { n: 2 }, 1000, 1000],
    ],
  );
  assert.deepEqual(second.get('services', 'b'), changed);
  assert.equal(second.get('groups', 'a'), undefined);
  second.close();
});

test('an etag is another one when the resource is', () => {
  const resources = openResources({ path: ':memory:', clock: createManualClock(0) });
  const { etag } = resources.put('dashboards', 'a', { n: 1 });
  assert.notEqual(resources.put('dashboards', 'a', { n: 2 }).etag, etag);
  assert.equal(resources.put('dashboards', 'a', { n: 1 }).etag, etag);
});

test('a list is of one kind, and below one parent where that is asked for', () => {
  const resources = openResources({ path: ':memory:', clock: createManualClock(0) });
  for (const name of ['p/services/a/slos/1', 'p/services/ab/slos/1']) resources.put('serviceLevelObjectives', name, {});
  resources.put('services', 'p/services/a', {});
  assert.deepEqual(
    resources.list('serviceLevelObjectives', 'p/services/a/').map(({ name }) => name),
    ['p/services/a/slos/1'],
  );
});

test('who listens hears of each change once it is kept', () => {
  const resources = openResources({ path: ':memory:', clock: createManualClock(0) });
  const heard: unknown[] = [];
  resources.onChange(({ kind, name, json }) => heard.push([kind, name, json, resources.get(kind, name)?.json]));
  resources.put('groups', 'a', { n: 1 });
  // That is no change.
  resources.put('groups', 'a', { n: 1 });
  resources.remove('groups', 'a');
  assert.deepEqual(heard, [
    ['groups', 'a', { n: 1 }, { n: 1 }],
    ['groups', 'a', undefined, undefined],
  ]);
});
