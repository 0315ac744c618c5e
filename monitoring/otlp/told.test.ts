import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from './decode.ts';
import type { Reading } from './families.ts';
import { isRefusal } from './refusals.ts';
import type { Attribute, Message } from './schema.ts';
import { attributes } from './testing.ts';
import { createToldSeries } from './told.ts';

const source = { resource: { type: 'prometheus_target', labels: { instance: 'a' } }, type: 'm', scope: {} };
const gauge: Reading = { suffix: '/gauge', metricKind: 'GAUGE', value: 1 };

/** Attributes as a point brings them in a body of its own. */
function onWire(attributes: readonly Attribute[]): readonly Attribute[] {
  const point: Message<'NumberPoint'> = { timeUnixNano: 1, attributes };
  return decode('NumberPoint', 'protobuf', Buffer.from(encode('NumberPoint', point))).attributes ?? [];
}

function seriesOf(find: ReturnType<ReturnType<typeof createToldSeries>>, attributes?: readonly Attribute[]) {
  const told = find(attributes);
  assert.ok(!isRefusal(told));
  return told(gauge);
}

test('a series that is told again on the wire is the same object, in the next request too', () => {
  const toldSeries = createToldSeries(100);
  const values = attributes({ route: '/a', code: 200 });
  const first = seriesOf(toldSeries(source), onWire(values));
  assert.deepEqual(first.metric, { type: 'm/gauge', labels: { route: '/a', code: '200' } });
  assert.equal(seriesOf(toldSeries(structuredClone(source)), onWire(values)), first);
  assert.equal(seriesOf(toldSeries(source)), seriesOf(toldSeries(source), []));
});

test('JSON tells the same series, which is another object', () => {
  const find = createToldSeries(100)(source);
  const values = attributes({ route: '/a' });
  const onceMore = seriesOf(find, values);
  assert.deepEqual(onceMore, seriesOf(find, onWire(values)));
  assert.notEqual(onceMore, seriesOf(find, values));
});

test('attributes, resources, metrics, scopes and readings that differ are different series', () => {
  const toldSeries = createToldSeries(100);
  const values = onWire(attributes({ a: '1', b: '2' }));
  const told = toldSeries(source)(values);
  assert.ok(!isRefusal(told));
  const all = [
    told(gauge),
    ...[
      { ...source, type: 'n' },
      { ...source, scope: { otel_scope_name: 's' } },
    ].map(other => seriesOf(toldSeries(other), values)),
    seriesOf(toldSeries({ ...source, resource: { type: 'prometheus_target', labels: { instance: 'b' } } }), values),
    ...[{ a: '1' }, { a: '1', b: '3' }, { a: '12', b: '' }, { b: '2' }, {}].map(other =>
      seriesOf(toldSeries(source), onWire(attributes(other))),
    ),
    ...['0.5', '0.99'].map(quantile => told({ ...gauge, suffix: '/summary', label: ['quantile', quantile] })),
  ];
  assert.equal(new Set(all.map(series => JSON.stringify(series))).size, all.length);
});

test('labels of any length are told apart, whatever their length takes on the wire', () => {
  const find = createToldSeries(100)(source);
  for (const length of [0, 1, 100, 110, 120, 127, 128, 129, 255, 256, 1000, 1024]) {
    for (const others of [{}, { b: '2' }]) {
      const values = attributes({ a: 'x'.repeat(length), ...others });
      const found = seriesOf(find, onWire(values));
      assert.deepEqual(found.metric.labels, { a: 'x'.repeat(length), ...others });
      // An attribute is seven bytes longer than this value.
      assert.equal(seriesOf(find, onWire(values)) === found, length + 7 <= 127, String(length));
    }
  }
});

test('two lists whose bytes are the same, but not where each begins, are told apart', () => {
  const find = createToldSeries(100)(source);
  // Of one attribute that says its key and value twice the last ones count.
  const twice = Buffer.concat(onWire(attributes({ a: '1', b: '2' })) as Buffer[]);
  const lists = [attributes({ a: '1', b: '2' }), attributes({ b: '2' })];
  const point = Buffer.concat([Buffer.from([(7 << 3) | 2, twice.length]), twice]);
  const one = decode('NumberPoint', 'protobuf', point).attributes ?? [];
  assert.deepEqual(
    [onWire(lists[0] ?? []), one].map(list => seriesOf(find, list).metric.labels),
    [{ a: '1', b: '2' }, { b: '2' }],
  );
});

test('a length in more bytes than it takes tells the same, and is not remembered', () => {
  const find = createToldSeries(100)(source);
  const [bytes] = onWire(attributes({ a: '1' })) as Buffer[];
  assert.ok(bytes);
  const point = Buffer.concat([Buffer.from([(7 << 3) | 2, 0x80 | bytes.length, 0]), bytes]);
  const twice = [1, 2].map(() => seriesOf(find, decode('NumberPoint', 'protobuf', point).attributes));
  assert.deepEqual(twice[0]?.metric.labels, { a: '1' });
  assert.notEqual(twice[0], twice[1]);
});

test('what is no attribute is no request, whenever it comes', () => {
  const find = createToldSeries(100)(source);
  const broken = decode('NumberPoint', 'protobuf', Buffer.from([(7 << 3) | 2, 2, 0x0a, 0x05])).attributes;
  for (const _ of [1, 2]) assert.throws(() => find(broken), { code: 'bad_request' });
  assert.ok(isRefusal(find(onWire(attributes({ 'no key': '1' })))));
});

test('the quantiles of a summary, of which there may be any number, are not remembered', () => {
  const told = createToldSeries(100)(source)(onWire(attributes({ a: '1' })));
  assert.ok(!isRefusal(told));
  const quantile: Reading = { ...gauge, suffix: '/summary', label: ['quantile', '0.5'] };
  const [first, second] = [told(quantile), told(quantile)];
  assert.deepEqual(first.metric.labels, { a: '1', quantile: '0.5' });
  assert.deepEqual(first, second);
  assert.notEqual(first, second);
});

test('no more are remembered than it may, whether of one source or of many', () => {
  const toldSeries = createToldSeries(5);
  const values = onWire(attributes({ a: '1' }));
  const first = seriesOf(toldSeries(source), values);
  assert.equal(seriesOf(toldSeries(source), values), first);
  for (let index = 0; index < 5; index += 1) seriesOf(toldSeries(source), onWire(attributes({ b: index })));
  const second = seriesOf(toldSeries(source), values);
  assert.notEqual(second, first);
  for (let index = 0; index < 5; index += 1) toldSeries({ ...source, type: `n${index}` });
  assert.notEqual(seriesOf(toldSeries(source), values), second);
});
