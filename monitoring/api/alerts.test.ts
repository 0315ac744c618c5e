import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import type { Incident } from '../evaluate/incidents.ts';
import { limits } from '../limits.ts';
import { NOW_MS, startMonitoring } from './testing.ts';

const alerts = '/v3/projects/local/alerts';
const incidentOf = (id: string, more: Partial<Incident> = {}): Incident => ({
  ...{ id, policy: 'projects/local/alertPolicies/1', openedAtMs: NOW_MS - 60_000 },
  timeline: [{ atMs: NOW_MS - 60_000, what: 'opened', detail: 'burns' }],
  ...more,
});

test('alerts are incidents, newest first, with what their policies say of them', async () => {
  const incidents = [
    { id: 'b', policy: 'projects/local/alertPolicies/gone', openedAtMs: NOW_MS, timeline: [] },
    { id: 'a', policy: 'projects/local/alertPolicies/1', openedAtMs: NOW_MS - 1000, closedAtMs: NOW_MS, timeline: [] },
  ];
  await using server = await startMonitoring({ incidents });
  const filter = 'metric.type="custom.googleapis.com/a"';
  const conditions = [{ displayName: 'c', conditionAbsent: { filter, duration: '120s' } }];
  const policy = {
    name: incidents[1]?.policy,
    displayName: 'p',
    conditions,
    severity: 'WARNING',
    userLabels: { a: 'b' },
  };
  server.put('alertPolicies', policy);
  const closed = {
    ...{ name: 'projects/local/alerts/a', state: 'CLOSED', metric: { type: 'custom.googleapis.com/a' } },
    ...{ openTime: '2026-11-20T11:59:59Z', closeTime: '2026-11-20T12:00:00Z' },
    policy: { name: policy.name, displayName: 'p', severity: 'WARNING', userLabels: { a: 'b' } },
    timeline: [],
  };
  assert.deepEqual((await server.ask('GET', `${alerts}/a`)).body, closed);
  const list = async (query: string) =>
    ((await server.ask('GET', `${alerts}${query}`)).body.alerts as { name: string }[]).map(({ name }) =>
      name.slice(-1),
    );
  assert.deepEqual(await list(''), ['b', 'a']);
  assert.deepEqual(await list('?filter=state%3D%22OPEN%22'), ['b']);
  assert.deepEqual(await list('?filter=policy.user_labels.a%3D%22b%22'), ['a']);
  assert.equal((await server.ask('GET', `${alerts}/z`)).status, 404);
});

test('an open alert is acknowledged once, by whoever says so first', async () => {
  const clock = createManualClock(NOW_MS);
  const incidents = [incidentOf('a'), incidentOf('b')];
  await using server = await startMonitoring({ incidents, clock });
  const { status, body } = await server.ask('POST', `${alerts}/a:acknowledge`, { by: 'on-call' });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    [body.state, body.acknowledgedBy, body.timeline],
    [
      'OPEN',
      'on-call',
      [
        { time: '2026-11-20T11:59:00Z', what: 'opened', detail: 'burns' },
        { time: '2026-11-20T12:00:00Z', what: 'acknowledged', detail: 'by on-call' },
      ],
    ],
  );
  clock.advance(60_000);
  assert.deepEqual(await server.ask('POST', `${alerts}/a:acknowledge`, { by: 'another' }), { status, body });
  assert.deepEqual((await server.ask('GET', `${alerts}/a`)).body, body);
  assert.equal((await server.ask('POST', `${alerts}/b:acknowledge`)).body.acknowledgedBy, 'somebody');
  const listed = await server.ask('GET', `${alerts}?filter=acknowledged_by%3D%22on-call%22`);
  assert.deepEqual(listed.body.alerts, [body]);
});

test('what is not there or closed is not acknowledged, nor by a wrong name, nor by a page of another site', async () => {
  const incidents = [incidentOf('a'), incidentOf('closed', { closedAtMs: NOW_MS })];
  await using server = await startMonitoring({ incidents });
  const by = 'x'.repeat(limits.incident_by_chars_max + 1);
  for (const [id, request, headers, code, status] of [
    ['z', {}, {}, 404, 'NOT_FOUND'],
    ['closed', {}, {}, 400, 'FAILED_PRECONDITION'],
    ['a', { by }, {}, 400, 'INVALID_ARGUMENT'],
    ['a', { by: 1 }, {}, 400, 'INVALID_ARGUMENT'],
    ['a', { who: 'me' }, {}, 400, 'INVALID_ARGUMENT'],
    ['a', [], {}, 400, 'INVALID_ARGUMENT'],
    ['a', undefined, { origin: 'http://evil.example' }, 403, 'PERMISSION_DENIED'],
    ['a', { by: 'me' }, { origin: 'null' }, 403, 'PERMISSION_DENIED'],
  ] as const) {
    const answer = await server.ask('POST', `${alerts}/${id}:acknowledge`, request, headers);
    const error = answer.body.error as { status: string };
    assert.deepEqual([answer.status, error.status], [code, status], JSON.stringify(request));
  }
  assert.equal((await server.ask('GET', `${alerts}/a`)).body.acknowledgedBy, undefined);
});
