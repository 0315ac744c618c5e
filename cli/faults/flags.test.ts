import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { createFlags, type FlagState } from './flags.ts';
import { flagNames, flagTable } from './table.ts';

function create() {
  const clock = createManualClock(0);
  return { clock, flags: createFlags({ clock }) };
}

test('no flag is on at first, and one is on until it is switched off', () => {
  const { flags } = create();
  assert.deepEqual(
    flags.list(),
    flagNames.map(name => ({ name })),
  );
  assert.deepEqual(flags.set('api-errors', 0.5), { name: 'api-errors', value: 0.5 });
  assert.equal(flags.value('api-errors'), 0.5);
  assert.equal(flags.value('api-latency'), undefined);
  assert.deepEqual(flags.set('api-errors', undefined), { name: 'api-errors' });
  assert.equal(flags.value('api-errors'), undefined);
});

test('a flag that is set for a time goes off by itself, and one that is set again stays on', () => {
  const { clock, flags } = create();
  assert.deepEqual(flags.set('api-errors', 1, 600), { name: 'api-errors', value: 1, offInSeconds: 600 });
  clock.advance(599_000);
  assert.deepEqual(flags.list()[1], { name: 'api-errors', value: 1, offInSeconds: 1 });
  clock.advance(1000);
  assert.equal(flags.value('api-errors'), undefined);

  flags.set('slow-appends', 100, 1);
  flags.set('slow-appends', 200);
  clock.advance(10_000);
  assert.equal(flags.value('slow-appends'), 200);
});

test('listeners hear of what is switched on and off, also by time', () => {
  const { clock, flags } = create();
  const heard: FlagState[] = [];
  flags.onChange(state => heard.push(state));
  flags.set('warehouse-down', 1, 5);
  clock.advance(5000);
  flags.value('warehouse-down');
  flags.list();
  assert.deepEqual(heard, [{ name: 'warehouse-down', value: 1, offInSeconds: 5 }, { name: 'warehouse-down' }]);
});

test('what listeners hear sets the flags of another thread alike', () => {
  const [here, there] = [create(), create()];
  here.flags.onChange(({ name, value, offInSeconds }) => there.flags.set(name, value, offInSeconds));
  here.flags.set('api-latency', 300, 0.5);
  here.flags.set('poison-messages', 0.1);
  assert.deepEqual(there.flags.list(), here.flags.list());
});

test('a value out of range, and a time that is none, are refused and change nothing', () => {
  const { flags } = create();
  const refusals = [
    [() => flags.set('api-errors', 2), 'api-errors must be a share from 0.001 to 1, such as 1 or 100%, not 2'],
    [() => flags.set('api-errors', Number.NaN), /a share from 0\.001 to 1, .* not NaN/],
    [() => flags.set('api-latency', 0), /must be milliseconds from 1 to 10000, such as 300 or 300ms, not 0/],
    [() => flags.set('warehouse-down', 0.5), /must be left out: the flag is on or off, not 0\.5/],
    [() => flags.set('api-errors', 1, 0), 'for must be above 0 and at most 24h, such as 10m, not 0s'],
    [() => flags.set('api-errors', 1, 86_401), /at most 24h, such as 10m, not 86401s/],
  ] as const;
  for (const [refused, message] of refusals) assert.throws(refused, { code: 'flag_invalid', message });
  assert.ok(flags.list().every(({ value }) => value === undefined));
});

test('each flag can be switched on with the value of the table', () => {
  const { flags } = create();
  for (const name of flagNames) assert.equal(flags.set(name, flagTable[name].value).value, flagTable[name].value);
});
