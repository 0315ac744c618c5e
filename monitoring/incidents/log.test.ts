import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { Incident } from '../evaluate/incidents.ts';
import { limits } from '../limits.ts';
import { openIncidentLog } from './log.ts';

const incident = (id: string, openedAtMs: number, closedAtMs?: number): Incident => ({
  ...{ id, policy: 'projects/local/alertPolicies/p', openedAtMs, ...(closedAtMs !== undefined && { closedAtMs }) },
  timeline: [{ atMs: openedAtMs, what: 'opened', detail: 'burns' }],
});
const open = (path = join(temporaryFolder(), 'incidents.sqlite')) => ({
  path,
  log: openIncidentLog({ path, clock: createManualClock(5000) }),
});

test('incidents survive a restart, newest first, with who acknowledged them', () => {
  const { path, log } = open();
  log.record([incident('a', 1000), incident('b', 2000)]);
  const acknowledged = log.acknowledge('a', 'on-call');
  assert.deepEqual(acknowledged.timeline.at(-1), { atMs: 5000, what: 'acknowledged', detail: 'by on-call' });
  assert.deepEqual(log.acknowledge('a', 'another'), acknowledged, 'the first who said so');
  assert.equal(acknowledged.timeline.length, 2);
  log.close();
  const again = open(path).log;
  assert.deepEqual(
    again.list().map(({ id, acknowledgedBy }) => [id, acknowledgedBy]),
    [
      ['b', undefined],
      ['a', 'on-call'],
    ],
  );
  again.record([{ ...(again.list()[1] as Incident), closedAtMs: 6000 }]);
  assert.equal(again.list()[1]?.closedAtMs, 6000);
  again.close();
});

test('what is not there or closed cannot be acknowledged', () => {
  const { log } = open();
  log.record([incident('a', 1000, 2000)]);
  assert.throws(() => log.acknowledge('b', 'me'), { code: 'incident_missing', message: 'There is no incident b' });
  assert.throws(() => log.acknowledge('a', 'me'), {
    code: 'incident_closed',
    message: /closed at 1970-01-01T00:00:02.000Z/,
  });
});

test('there is a limit: the oldest closed go first, and no open one does', () => {
  const { log } = open();
  log.record([incident('open', 1)]);
  log.record(
    Array.from({ length: limits.incidents_max + 5 }, (_, index) => incident(`i${index}`, index + 2, index + 3)),
  );
  assert.equal(log.list().length, limits.incidents_max);
  assert.ok(log.list().some(({ id }) => id === 'open'));
  assert.ok(!log.list().some(({ id }) => id === 'i5'));
  assert.ok(log.list().some(({ id }) => id === 'i6'));
});
