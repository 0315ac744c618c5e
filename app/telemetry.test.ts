import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCollector } from '../telemetry/collect.ts';
import { startTelemetry } from '../telemetry/start.ts';
import { startApi } from './testing.ts';

test('a read links to the trace that wrote the record, and reads, writes and refusals are counted', async t => {
  const collected = createCollector();
  const telemetry = await startTelemetry({ service: 'test', ...collected.sinks });
  t.after(() => telemetry.shutdown());
  let isFresh = true;
  const { send, get, logged } = await startApi(t, ({ reader }) => ({
    telemetry,
    reader: { ...reader, isFresh: () => isFresh },
  }));

  await send('PUT', '/records/1', { name: 'x' });
  await get('/records/1');
  isFresh = false;
  await get('/records');
  // A prober's read is no user's, and stands in no SLI of reads.
  await get('/records', { 'x-synthetic': 'true' });
  const refused = await send('POST', '/records', 'hello');

  const spans = collected.spans();
  const named = (name: string) => spans.find(span => span.name === name);
  const written = named('PUT /records/:id');
  const append = named('append record_events');
  assert.equal(append?.parentSpanContext?.spanId, written?.spanContext().spanId);
  assert.deepEqual(
    named('GET /records/:id')?.links.map(({ context }) => [context.traceId, context.spanId]),
    [[written?.spanContext().traceId, written?.spanContext().spanId]],
  );
  assert.ok(named('GET /records'), 'a path found without the router has its route too');
  assert.equal(refused.json.traceId, named('POST /records')?.spanContext().traceId);
  assert.deepEqual(logged, []);

  const points = (await collected.metrics()).flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map(({ attributes, value }) => `${descriptor.name} ${JSON.stringify(attributes)} ${value}`),
  );
  for (const point of [
    'records.reads {"fresh":"true"} 1',
    'records.reads {"fresh":"false"} 1',
    'records.writes {"outcome":"stored"} 1',
    'api.requests.refused {"reason":"body"} 1',
  ]) {
    assert.ok(points.includes(point), `${point} in ${points.join('\n')}`);
  }
});
