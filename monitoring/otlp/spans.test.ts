import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapLogs } from './logs.ts';
import type { Message } from './schema.ts';
import { mapSpans } from './spans.ts';
import { attributes, nowMs, nowNano, resource } from './testing.ts';

const traceId = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex');
const spanId = Buffer.from('eee19b7ec3c1b174', 'hex');
const span = { traceId, spanId, name: 'GET /orders', startTimeUnixNano: nowNano, endTimeUnixNano: nowNano + 2_500_000 };
const zeros = Buffer.alloc(16);
const resourceAttributes = { 'service.name': 'checkout', 'service.instance.id': 'a', 'cloud.region': 'us-central1' };

const spansOf = (...spans: Message<'Span'>[]) =>
  mapSpans({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib' }, spans }] }] });
const logsOf = (...logRecords: Message<'LogRecord'>[]) =>
  mapLogs({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'lib' }, logRecords }] }] }, { nowMs });

test('a span keeps all that it says', () => {
  const { items, refusals } = spansOf({
    ...span,
    parentSpanId: Buffer.from('0000000000000001', 'hex'),
    kind: 2,
    status: { code: 2, message: 'broken' },
    attributes: attributes({ 'http.route': '/orders', 'http.response.status_code': 500 }),
    events: [{ timeUnixNano: nowNano + 1_000_000, name: 'retry', attributes: attributes({ n: 1 }) }],
    links: [
      { traceId, spanId, attributes: attributes({ why: 'batch' }) },
      { traceId: zeros, spanId },
    ],
  });
  assert.equal(refusals.count(), 0);
  assert.deepEqual(items, [
    {
      service: 'checkout',
      resource: resourceAttributes,
      scope: 'lib',
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: '0000000000000001',
      name: 'GET /orders',
      kind: 'SERVER',
      startMs: nowMs,
      endMs: nowMs + 2.5,
      status: { code: 'ERROR', message: 'broken' },
      attributes: { 'http.route': '/orders', 'http.response.status_code': 500 },
      events: [{ atMs: nowMs + 1, name: 'retry', attributes: { n: 1 } }],
      links: [
        { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', attributes: { why: 'batch' } },
      ],
    },
  ]);
});

test('a span with no more than ids and times has empty values, and a kind beyond the known ones is none', () => {
  const { items } = mapSpans({
    resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, kind: 99, status: { code: 9 } }] }] }],
  });
  const { service, scope, parentSpanId, kind, status } = items[0] ?? {};
  assert.deepEqual(
    [service, scope, parentSpanId, kind, status],
    ['', '', undefined, 'UNSPECIFIED', { code: 'UNSET', message: '' }],
  );
});

test('spans without ids or times are refused by reason, and the others are kept', () => {
  const { items, refusals } = spansOf(
    span,
    { ...span, traceId: zeros },
    { ...span, traceId: spanId },
    { ...span, spanId: Buffer.alloc(8) },
    { ...span, startTimeUnixNano: 0 },
    { ...span, endTimeUnixNano: nowNano - 1_000_000 },
  );
  assert.equal(items.length, 1);
  assert.deepEqual(
    [...refusals.byReason()],
    [
      ['bad_id', 3],
      ['bad_time', 2],
    ],
  );
  assert.match(
    refusals.message(),
    /^Refused spans: 3 for bad_id \(span "GET \/orders" must have a trace id of 16 bytes/,
  );
});

test('a log entry keeps all that it says, and its severity is named as Cloud Logging does', () => {
  const [entry] = logsOf({
    timeUnixNano: nowNano - 1_500_000,
    observedTimeUnixNano: nowNano,
    severityNumber: 13,
    body: { kvlistValue: { values: attributes({ message: 'slow', ms: 12 }) } },
    attributes: attributes({ id: 'r1' }),
    traceId,
    spanId,
  });
  assert.deepEqual(entry, {
    service: 'checkout',
    resource: resourceAttributes,
    scope: 'lib',
    atMs: nowMs - 1.5,
    severity: 'WARNING',
    body: { message: 'slow', ms: 12 },
    attributes: { id: 'r1' },
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
  });
  const severities = logsOf(...[0, 1, 5, 9, 11, 13, 17, 21, 23, 24].map(severityNumber => ({ severityNumber })));
  assert.deepEqual(
    severities.map(({ severity }) => severity),
    ['DEFAULT', 'DEBUG', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'],
  );
});

test('a log entry without a time has the one when it was seen, or came; an id that is none is left out', () => {
  const entries = logsOf({ observedTimeUnixNano: nowNano - 5e6 }, { traceId: zeros, spanId: traceId });
  assert.deepEqual(
    entries.map(({ atMs, body, traceId: trace, spanId: id }) => [atMs, body, trace, id]),
    [
      [nowMs - 5, null, undefined, undefined],
      [nowMs, null, undefined, undefined],
    ],
  );
});
