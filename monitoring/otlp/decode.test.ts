import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from './decode.ts';
import type { Message, MessageName } from './schema.ts';
import { toAttributes, toId, toMs, toNumber } from './values.ts';

const json = <Name extends MessageName>(name: Name, value: unknown) =>
  decode(name, 'json', Buffer.from(JSON.stringify(value)));

const bothWays = <Name extends MessageName>(name: Name, message: Message<Name>, text: unknown): Message<Name>[] => [
  json(name, text),
  decode(name, 'protobuf', Buffer.from(encode(name, message))),
];

test('ids are hex in JSON and bytes on the wire, and come to the same text', () => {
  const hex = '5b8efff798038103d269b633813fc60c';
  for (const span of bothWays('Span', { traceId: Buffer.from(hex, 'hex') }, { traceId: hex.toUpperCase() })) {
    assert.equal(toId(span.traceId, 16), hex);
    assert.equal(toId(span.spanId, 8), undefined);
  }
  assert.equal(toId(json('Span', { spanId: '0000000000000000' }).spanId, 8), undefined);
  assert.equal(toId(json('Span', { spanId: 'ab' }).spanId, 8), undefined);
});

test('64-bit numbers come as text or number, and are exact to the microsecond as times', () => {
  for (const text of ['"1544712660300123456"', '1544712660300123456']) {
    const span = decode('Span', 'json', Buffer.from(`{"startTimeUnixNano":${text}}`));
    assert.ok(Math.abs(toMs(span.startTimeUnixNano) - 1544712660300.1235) < 0.001);
  }
  assert.equal(toNumber(json('Buckets', { bucketCounts: ['18446744073709551615'] }).bucketCounts?.[0]), 2 ** 64);
  assert.equal(toNumber(json('NumberPoint', { asInt: '-12' }).asInt), -12);
});

test('every kind of value of an attribute is kept, zeros and empty texts too, and big whole numbers to the digit', () => {
  const values = {
    text: { stringValue: 'a' },
    empty: { stringValue: '' },
    yes: { boolValue: true },
    no: { boolValue: false },
    whole: { intValue: 7 },
    zero: { intValue: 0 },
    double: { doubleValue: 0.5 },
    nothing: { doubleValue: 0 },
    list: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'b' }, {}] } },
    none: { arrayValue: {} },
    map: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } },
    bytes: { bytesValue: Buffer.from('hello') },
    absent: {},
  };
  const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
  const text = attributes.map(({ key, value }) =>
    key === 'bytes' ? { key, value: { bytesValue: 'aGVsbG8=' } } : { key, value },
  );
  for (const resource of bothWays('Resource', { attributes }, { attributes: text })) {
    assert.deepEqual(toAttributes(resource.attributes), {
      ...{ text: 'a', empty: '', yes: true, no: false, whole: 7, zero: 0, double: 0.5, nothing: 0 },
      ...{ list: [1, 'b', null], none: [], map: { k: true }, bytes: 'aGVsbG8=', absent: null },
    });
  }
  const big = [
    { key: 'big', value: { intValue: '9223372036854775807' } },
    { key: 'nan', value: { doubleValue: 'NaN' } },
  ];
  assert.deepEqual(toAttributes(json('Resource', { attributes: big }).attributes), {
    big: '9223372036854775807',
    nan: 'NaN',
  });
});

test('fields that are not known, and null, are passed over', () => {
  const span = json('Span', { name: 'a', traceState: 'x', flags: 257, status: null, new_field: [{}], trace_id: '00' });
  assert.deepEqual(span, { name: 'a' });
  const wire = Buffer.concat([encode('Span', { name: 'a' }), Buffer.from([0xfa, 0x3e, 0x01, 0x41])]);
  assert.equal(decode('Span', 'protobuf', wire).name, 'a');
});

test('what is no OTLP is refused with 400 and shown', () => {
  for (const [body, shown] of [
    ['', /JSON: Unexpected end/],
    ['{', /JSON: /],
    ['[]', /\[\] must be an object/],
    ['null', /null must be an object/],
    ['{"resourceSpans":{}}', /\{\} must be a list/],
    ['{"resourceSpans":[null]}', /null must be an object/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"W47/95gDgQPSabYzgT/GDA=="}]}]}]}', /must be hex/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":7}]}]}]}', /7 must be a text/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SPAN_KIND_SERVER"}]}]}]}', /must be a whole number/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"now"}]}]}]}', /"now" must be a whole number/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":1.5}]}]}]}', /1.5 must be a whole number/],
    [Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
  ] as const) {
    const bytes = Buffer.from(body as string);
    assert.throws(() => decode('TraceRequest', 'json', bytes), { code: 'bad_request', message: shown });
  }
  for (const asDouble of ['abc', '1e5e5', '', ' ', true]) {
    assert.throws(() => json('NumberPoint', { asDouble }), { message: /must be a number/ });
  }
  assert.equal(json('NumberPoint', { asDouble: '1.5e3' }).asDouble, 1500);
  assert.throws(() => json('HistogramPoint', { bucketCounts: ['-1'] }), { message: /at least 0/ });
  assert.throws(() => json('HistogramPoint', { count: 1e30 }), { message: /1e\+30 must be a whole number/ });
  assert.throws(() => json('AnyValue', { boolValue: 'true' }), { message: /must be true or false/ });
  assert.throws(() => json('AnyValue', { bytesValue: [1] }), { message: /must be base64/ });
  const cut = Buffer.from(
    encode('TraceRequest', { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'abc' }] }] }] }),
  ).subarray(0, -1);
  assert.throws(() => decode('TraceRequest', 'protobuf', cut), { code: 'bad_request', message: /protocol buffers: / });
});

test('values that nest without end are refused, in JSON and on the wire', () => {
  const deep = `${'{"arrayValue":{"values":['.repeat(10_000)}{}${']}}'.repeat(10_000)}`;
  assert.throws(() => decode('AnyValue', 'json', Buffer.from(deep)), { message: /nests deeper than 200 levels/ });
  const brackets = { stringValue: `"\\"${'['.repeat(1000)}` };
  assert.deepEqual(json('AnyValue', brackets), brackets);
  let wire = Buffer.from([]);
  for (let depth = 0; depth < 5000; depth += 1) wire = wrapped(5, wrapped(1, wire));
  assert.throws(() => decode('AnyValue', 'protobuf', wire), { code: 'bad_request', message: /depth/ });
});

/** Bytes as a field of a message. */
function wrapped(field: number, bytes: Buffer): Buffer<ArrayBuffer> {
  const length = [(bytes.length & 0x7f) | 0x80, ((bytes.length >> 7) & 0x7f) | 0x80, bytes.length >> 14];
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]);
}
