import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanKind } from '@opentelemetry/api';
import { createCollector } from '../../telemetry/collect.ts';
import type { Signal } from '../../telemetry/signal-types.ts';
import { signals } from '../../telemetry/signals.ts';
import { envelope, eventually, publish, send, startTestPlatform } from './platform.ts';

/** What only a failing exporter or the prober emits (their own tests make that happen), and what only the other kind of stores does. */
const ELSEWHERE = [
  ...['telemetry.dropped', 'probe.paths', 'probe.path.duration'],
  ...(process.env.TEST_DELIVERY
    ? ['topic.backlog.messages', 'topic.oldest_unacked_age', 'topic.expired', 'topic.published']
    : ['warehouse.queries', 'replica.age', 'replica.records']),
];

test('what is emitted and what is listed are the same metrics, units, kinds and attributes', async t => {
  const collector = createCollector();
  let down = false;
  const platform = await startTestPlatform(t, {
    env: { BURNLINE_REQUESTS_PER_SECOND_MAX: '1000' },
    telemetry: collector.sinks,
    wrap: {
      warehouse: warehouse => ({
        ...warehouse,
        append: events => (down ? Promise.reject(new Error('down')) : warehouse.append(events)),
      }),
    },
  });
  const { api, ingest } = platform;
  // The event loop's delay is measured from the first collection on.
  await collector.metrics();
  await publish(platform, ['{"id":"1","name":"a"}', 'broken']);
  await send('POST', ingest, envelope('{"id":"2","name":"b"}'));
  const { id } = await eventually(async () => (await send('GET', `${api}/dead-letters`)).json.deadLetters[0]);
  await send('POST', `${api}/dead-letters/${id}/replay`);
  await send('POST', `${api}/records`, { id: '3', name: 'c' }, { 'x-synthetic': 'true' });
  await send('POST', `${api}/records`, 'no json');
  await send('POST', `${api}/records`, 'x'.repeat(2_000_000));
  await send('GET', `${api}/records?limit=5`);
  down = true;
  await send('PUT', `${api}/records/4`, { name: 'd' });

  const emitted = await collector.metrics();
  const listed = Object.values(signals) as Signal[];
  assert.deepEqual(
    emitted.map(({ descriptor }) => descriptor.name).toSorted(),
    listed
      .map(({ name }) => name)
      .filter(name => !ELSEWHERE.includes(name))
      .toSorted(),
  );
  for (const { descriptor, dataPoints } of emitted) {
    const signal = listed.find(({ name }) => name === descriptor.name) as Signal;
    assert.equal(descriptor.unit, signal.unit, descriptor.name);
    for (const { attributes } of dataPoints) {
      for (const [key, value] of Object.entries(attributes)) {
        const spec = signal.attributes[key];
        assert.ok(spec, `${descriptor.name} has an attribute ${key} that is not listed`);
        if (Array.isArray(spec.values))
          assert.ok(spec.values.includes(String(value)), `${descriptor.name}{${key}="${value}"}`);
      }
      const required = Object.entries(signal.attributes).filter(([, { optional }]) => !optional);
      for (const [key] of required) assert.ok(key in attributes, `${descriptor.name} lacks ${key}`);
    }
  }
});

test('a message is one trace from publish to append, and a read of its record links to it', async t => {
  const collector = createCollector();
  const platform = await startTestPlatform(t, { telemetry: collector.sinks });
  const { api } = platform;
  await publish(platform, ['{"id":"1","name":"traced"}']);
  await eventually(async () => (await send('GET', `${api}/records/1`)).status === 200);
  const spans = await eventually(async () => {
    const ended = collector.spans();
    return ended.some(({ name, links }) => name === 'GET /records/:id' && links.length > 0) && ended;
  });
  const one = (name: string) =>
    spans.find(span => span.name.startsWith(name) && span.attributes['http.response.status_code'] !== 404);
  const tree = ['POST /v1', 'send ', 'process ', 'append '].map(one);
  assert.deepEqual(
    tree.map(span => [span?.name, span?.kind]),
    [
      ['POST /v1/projects/:project/topics/:topic\\:publish', SpanKind.SERVER],
      ['send data-ingestion', SpanKind.PRODUCER],
      ['process data-ingestion-subscription', SpanKind.CONSUMER],
      ['append record_events', SpanKind.CLIENT],
    ],
  );
  const [root, ...rest] = tree;
  assert.equal(root?.parentSpanContext, undefined);
  rest.forEach((span, index) => {
    assert.equal(span?.parentSpanContext?.spanId, tree[index]?.spanContext().spanId);
    assert.equal(span?.spanContext().traceId, root?.spanContext().traceId);
  });
  const read = spans.find(({ name, links }) => name === 'GET /records/:id' && links.length > 0);
  assert.equal(read?.links[0]?.context.traceId, root?.spanContext().traceId);
});

test('a request is one span, and its trace id stands in the problem that it was answered with', async t => {
  const collector = createCollector();
  const { api } = await startTestPlatform(t, { telemetry: collector.sinks });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const { json } = await send('GET', `${api}/records?limit=0`, undefined, { traceparent });
  assert.equal(json.traceId, traceId);
  const [span, ...others] = await eventually(async () => collector.spans().length > 0 && collector.spans());
  assert.deepEqual(others, []);
  assert.equal(span?.name, 'GET /records');
  assert.equal(span?.parentSpanContext?.spanId, 'b7ad6b7169203331');
  assert.equal(span?.attributes['http.response.status_code'], 400);
});
