import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeIncidents } from './incidents.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const incident = (userLabels: Record<string, string>, displayName = 'Slow', severity?: string) => ({
  ...{ name: 'projects/p/alerts/1', openedAtMs: NOW_MS - 600_000 },
  policy: { displayName, userLabels, ...(severity !== undefined && { severity }) },
});
const judge = (incidents: Parameters<typeof judgeIncidents>[0], nameSuffix = '') =>
  judgeIncidents(incidents, { service: 'Checkout', nameSuffix, nowMs: NOW_MS }).map(({ verdict, sentence }) => [
    verdict,
    sentence,
  ]);
const calm = [['go', 'no incident of Checkout is open']];

test('a page of the service stops and a ticket is a remark', () => {
  assert.deepEqual(
    judge([incident({ service: 'checkout', severity: 'page' }), incident({ service: 'checkout', severity: 'ticket' })]),
    [
      ['stop', 'a page has been open for 10 min: Slow'],
      ['go', 'a ticket has been open for 10 min: Slow'],
    ],
  );
});

test('a critical policy without our label for whom it calls is a page', () => {
  assert.equal(judge([incident({ service: 'checkout' }, 'By hand', 'CRITICAL')])[0]?.[0], 'stop');
  assert.equal(judge([incident({ service: 'checkout' }, 'By hand', 'WARNING')])[0]?.[0], 'go');
});

test('incidents of other services, or of none, do not count', () => {
  assert.deepEqual(judge([incident({ service: 'cart', severity: 'page' }), incident({ severity: 'page' })]), calm);
  assert.deepEqual(judge([]), calm);
});

test('with a suffix only the incidents of that environment count, without one those of all', () => {
  const open = [
    incident({ service: 'checkout', severity: 'page' }, 'Slow'),
    incident({ service: 'checkout', severity: 'page' }, 'Slow-dev'),
  ];
  assert.deepEqual(judge(open, '-dev'), [['stop', 'a page has been open for 10 min: Slow-dev']]);
  assert.equal(judge(open).length, 2);
  assert.deepEqual(judge(open, '-eu'), calm);
});

test('an incident that does not say since when is one all the same', () => {
  const { name, policy } = incident({ service: 'checkout', severity: 'page' });
  assert.deepEqual(judge([{ name, policy }]), [['stop', 'a page has been open: Slow']]);
});
