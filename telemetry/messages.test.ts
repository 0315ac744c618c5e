import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createCollector } from './collect.ts';
import { endSpan, extractContext, injectTrace, startProcessSpan, traceAppend, traceSend } from './messages.ts';
import { startTelemetry, type Telemetry } from './start.ts';

const subscriptionName = 'data-ingestion-subscription';

let collected: ReturnType<typeof createCollector>;
let telemetry: Telemetry;
before(async () => {
  collected = createCollector();
  telemetry = await startTelemetry({ service: 'test', ...collected.sinks });
});
after(() => telemetry.shutdown());
let seen = 0;
beforeEach(() => {
  seen = collected.spans().length;
});
const spans = (): ReadableSpan[] => collected.spans().slice(seen);

test('a message is one trace from send over process to append', async () => {
  const { tracer } = telemetry;
  const attributes = await traceSend({ tracer, topicName: 'data-ingestion', messageCount: 1 }, async () =>
    injectTrace({ source: 'a' }),
  );
  const message = { messageId: '41', attributes };
  const processing = startProcessSpan({ tracer, subscriptionName, message });
  await traceAppend({ tracer, system: 'sqlite', rowCount: 1, processSpans: [processing] }, async () => {
    tracer.startSpan('inner').end();
  });
  endSpan(processing);

  assert.deepEqual(treeOf(spans()), [
    {
      name: 'send data-ingestion',
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'data-ingestion',
        'messaging.batch.message_count': 1,
      },
      children: [
        {
          name: 'process data-ingestion-subscription',
          kind: SpanKind.CONSUMER,
          attributes: {
            'messaging.system': 'gcp_pubsub',
            'messaging.operation.name': 'process',
            'messaging.operation.type': 'process',
            'messaging.destination.subscription.name': 'data-ingestion-subscription',
            'messaging.message.id': '41',
          },
          children: [
            {
              name: 'append record_events',
              kind: SpanKind.CLIENT,
              attributes: {
                'db.system.name': 'sqlite',
                'db.operation.name': 'append',
                'db.collection.name': 'record_events',
                'db.operation.batch.size': 1,
              },
              children: [{ name: 'inner', kind: SpanKind.INTERNAL, attributes: {}, children: [] }],
            },
          ],
        },
      ],
    },
  ]);
  assert.equal(new Set(spans().map(span => span.spanContext().traceId)).size, 1);
});

test('an append of many messages is a child of the first and linked to the next 128', async () => {
  const { tracer } = telemetry;
  const processSpans = Array.from({ length: 200 }, (_, index) =>
    startProcessSpan({ tracer, subscriptionName, message: { messageId: String(index), attributes: {} } }),
  );
  await traceAppend({ tracer, system: 'sqlite', rowCount: 200, processSpans }, async () => undefined);
  const [append] = spans();
  assert.equal(append?.parentSpanContext?.spanId, processSpans[0]?.spanContext().spanId);
  assert.deepEqual(
    append?.links.map(link => link.context.spanId),
    processSpans.slice(1, 129).map(span => span.spanContext().spanId),
  );
});

test('an append without messages is a child of the request that made it', async () => {
  const { tracer } = telemetry;
  await tracer.startActiveSpan('PUT /records/:id', async span => {
    await traceAppend({ tracer, system: 'sqlite', rowCount: 1 }, async () => undefined);
    span.end();
  });
  const [append, request] = spans();
  assert.equal(append?.parentSpanContext?.spanId, request?.spanContext().spanId);
  assert.deepEqual(append?.links, []);
});

test('a send or append that fails is an error of its code, and the failure is passed on', async () => {
  const { tracer } = telemetry;
  const failure = Object.assign(new Error('too much is waiting'), { code: 'queue_full' });
  const fail = () => Promise.reject(failure);
  await assert.rejects(traceSend({ tracer, topicName: 'data-ingestion', messageCount: 1 }, fail), failure);
  await assert.rejects(traceAppend({ tracer, system: 'sqlite', rowCount: 1 }, fail), failure);
  assert.deepEqual(
    spans().map(({ attributes, status }) => ({ type: attributes['error.type'], status })),
    Array(2).fill({ type: 'queue_full', status: { code: SpanStatusCode.ERROR, message: 'too much is waiting' } }),
  );
});

test('a process span that ends with an error names its kind', () => {
  const message = { messageId: '1', attributes: {} };
  endSpan(startProcessSpan({ tracer: telemetry.tracer, subscriptionName, message }), new TypeError('no'));
  endSpan(startProcessSpan({ tracer: telemetry.tracer, subscriptionName, message }), 'a string');
  assert.deepEqual(
    spans().map(({ attributes }) => attributes['error.type']),
    ['TypeError', '_OTHER'],
  );
});

test('injecting keeps the other attributes, replaces an older trace whole and leaves baggage behind', () => {
  const old = { source: 'a', traceparent: 'old', tracestate: 'old=1' };
  const active = propagation.setBaggage(
    trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
    propagation.createBaggage({ user: { value: 'someone' } }),
  );
  const injected = context.with(active, () => injectTrace(old));
  assert.deepEqual(injected, { source: 'a', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
  assert.equal(old.traceparent, 'old');
});

test('without an active span nothing is injected', () => {
  assert.deepEqual(injectTrace({ source: 'a' }), { source: 'a' });
});

test('what is injected is what is extracted, with its trace state', () => {
  const attributes = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' };
  assert.deepEqual(
    context.with(extractContext(attributes), () => injectTrace({})),
    attributes,
  );
});

test('attributes without a valid traceparent give the root context', () => {
  assert.equal(trace.getSpan(extractContext({ traceparent: 'nonsense' })), undefined);
  assert.equal(trace.getSpan(extractContext({})), undefined);
});

type Node = { name: string; kind: SpanKind; attributes: object; children: Node[] };

function treeOf(all: readonly ReadableSpan[], parentSpanId?: string): Node[] {
  return all
    .filter(span => span.parentSpanContext?.spanId === parentSpanId)
    .map(({ name, kind, attributes }) => ({
      name,
      kind,
      attributes,
      children: treeOf(all, all.find(each => each.name === name)?.spanContext().spanId),
    }));
}
