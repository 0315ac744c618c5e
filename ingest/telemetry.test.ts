import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SpanKind, trace } from '@opentelemetry/api';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import { createCollector } from '../telemetry/collect.ts';
import { startTelemetry } from '../telemetry/start.ts';
import { createBench, message, quietLog } from './fakes.ts';
import { createTracedPublisher } from './publish.ts';
import { createReceiver } from './receive.ts';

async function startBench(t: TestContext) {
  const collected = createCollector();
  const telemetry = await startTelemetry({ service: 'test', ...collected.sinks });
  t.after(() => telemetry.shutdown());
  const bench = createBench();
  const topic = createSqliteTopic({ path: ':memory:', clock: bench.clock });
  const publisher = createTracedPublisher({ publisher: topic, topicName: topic.name, telemetry });
  const receiver = createReceiver({ ...bench, telemetry, log: quietLog, subscriptionName: topic.subscription.name });
  const pull = () => topic.subscription.pull({ messagesMax: 10, waitMs: 0 });
  async function points(name: string) {
    const metric = (await collected.metrics()).find(({ descriptor }) => descriptor.name === name);
    return (metric?.dataPoints ?? []).map(({ attributes, value }) => ({
      ...attributes,
      value: typeof value === 'number' ? value : (value as { count: number }).count,
    }));
  }
  return { ...bench, collected, telemetry, topic, publisher, receiver, pull, points };
}

test('a message is one trace from publish to append, and its record carries it', async t => {
  const { collected, publisher, receiver, pull, reader } = await startBench(t);
  await publisher.publish([message('', { id: 'a', name: 'Ada' }), message('', { id: 'b', name: 'Bob' })]);
  await receiver.receive(await pull(), 'pull');
  const spans = collected.spans();
  const named = (name: string) => spans.filter(span => span.name === name);
  const [send] = named('send data-ingestion');
  const processed = named('process data-ingestion-subscription');
  const [append] = named('append record_events');
  assert.equal(spans.length, 4);
  assert.equal(send?.kind, SpanKind.PRODUCER);
  assert.equal(processed.length, 2);
  for (const span of processed) {
    assert.equal(span.kind, SpanKind.CONSUMER);
    assert.equal(span.parentSpanContext?.spanId, send?.spanContext().spanId);
    // By the order in which they ended: each span's times hang on a wall clock of whole milliseconds.
    assert.ok(
      spans.indexOf(span) > spans.findIndex(({ name }) => name === 'append record_events'),
      'it ends when the message is durable',
    );
  }
  assert.equal(append?.kind, SpanKind.CLIENT);
  assert.equal(append?.parentSpanContext?.spanId, processed[0]?.spanContext().spanId);
  assert.deepEqual(
    append?.links.map(({ context }) => context.spanId),
    [processed[1]?.spanContext().spanId],
  );
  const { traceId, spanId } = processed[1]?.spanContext() ?? {};
  assert.equal((await reader.get('b'))?.traceparent, `00-${traceId}-${spanId}-01`);
});

test('a message keeps the trace context it came with, unless that is none', async t => {
  const { publisher, pull, collected } = await startBench(t);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await publisher.publish([
    { ...message('', 'x'), attributes: { traceparent } },
    { ...message('', 'y'), attributes: { traceparent: 'none', kept: 'yes' } },
  ]);
  const [first, second] = await pull();
  assert.equal(first?.attributes.traceparent, traceparent);
  const [send] = collected.spans();
  assert.equal(second?.attributes.traceparent?.split('-')[2], send?.spanContext().spanId);
  assert.equal(second?.attributes.kept, 'yes');
});

test('the publish span is a child of the request that publishes', async t => {
  const { publisher, telemetry, collected } = await startBench(t);
  await telemetry.tracer.startActiveSpan('request', async span => {
    await publisher.publish([message('', 'x')]);
    span.end();
  });
  const [send, request] = collected.spans();
  assert.equal(send?.parentSpanContext?.spanId, request?.spanContext().spanId);
  assert.equal(trace.getActiveSpan(), undefined);
});

test('every message is counted by what became of it', async t => {
  const { publisher, topic, receiver, pull, points, clock, warehouse, ...bench } = await startBench(t);
  await publisher.publish([message('', { id: 'a', name: 'Ada' }), message('', 'broken')]);
  clock.advance(250);
  await receiver.receive(await pull(), 'pull');
  const failing = createReceiver({
    ...{ ...bench, clock, log: quietLog, subscriptionName: topic.subscription.name },
    warehouse: { ...warehouse, append: () => Promise.reject(new Error('down')) },
  });
  await assert.rejects(failing.receive([message('9', { id: 'b', name: 'Bob' })], 'push'), /down/);

  assert.deepEqual(await points('topic.published'), [{ outcome: 'accepted', value: 2 }]);
  assert.deepEqual(await points('ingest.messages'), [
    { delivery: 'pull', outcome: 'stored', value: 1 },
    { delivery: 'pull', outcome: 'dead_lettered', value: 1 },
    { delivery: 'push', outcome: 'failed', value: 1 },
  ]);
  assert.deepEqual(await points('ingest.dead_letters'), [{ reason: 'not_json', value: 1 }]);
  assert.deepEqual(await points('warehouse.append.rows'), [
    { outcome: 'stored', value: 1 },
    { outcome: 'failed', value: 1 },
  ]);
  assert.deepEqual(await points('warehouse.append.duration'), [
    { outcome: 'ok', value: 1 },
    { outcome: 'error', value: 1 },
  ]);
  assert.deepEqual(await points('ingest.publish_to_commit.duration'), [{ value: 1 }]);
});

test('a dead letter is counted once, however often it is delivered, and two messages of one id are two', async t => {
  const { receiver, letters, points } = await startBench(t);
  for (let time = 0; time < 3; time += 1) {
    await receiver.receive([message('7', 'broken'), message('7', 'otherwise broken')], 'pull');
  }
  assert.equal((await letters()).length, 2);
  assert.deepEqual(await points('ingest.dead_letters'), [{ reason: 'not_json', value: 2 }]);
});
