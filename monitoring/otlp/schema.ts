import protobuf from 'protobufjs';

// What OTLP's messages are made of, as far as it is read here: number on the wire, type, and whether it is a list. Times are
// nanoseconds, kinds and temporalities numbers; an `id` is bytes on the wire and hex in JSON. An `attribute` is a KeyValue that is left
// as its bytes where it is read from the wire: points bring the same ones time after time, and to compare bytes is enough.
// @see https://opentelemetry.io/docs/specs/otlp/
const number = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] } as const;
const histogram = { ...number, count: [4, 'fixed64'], sum: [5, 'double'] } as const;

export const messages = {
  TraceRequest: { resourceSpans: [1, 'ResourceSpans', 'list'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans', 'list'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span', 'list'] },
  Span: {
    traceId: [1, 'id'],
    spanId: [2, 'id'],
    parentSpanId: [4, 'id'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue', 'list'],
    events: [11, 'Event', 'list'],
    links: [13, 'Link', 'list'],
    status: [15, 'SpanStatus'],
  },
  Event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, 'KeyValue', 'list'] },
  Link: { traceId: [1, 'id'], spanId: [2, 'id'], attributes: [4, 'KeyValue', 'list'] },
  SpanStatus: { message: [2, 'string'], code: [3, 'int32'] },

  LogsRequest: { resourceLogs: [1, 'ResourceLogs', 'list'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'list'] },
  ScopeLogs: { scope: [1, 'Scope'], logRecords: [2, 'LogRecord', 'list'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue', 'list'],
    traceId: [9, 'id'],
    spanId: [10, 'id'],
    observedTimeUnixNano: [11, 'fixed64'],
  },

  MetricsRequest: { resourceMetrics: [1, 'ResourceMetrics', 'list'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics', 'list'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric', 'list'] },
  Metric: {
    name: [1, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Gauge'],
    sum: [7, 'Sum'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
    summary: [11, 'Summary'],
  },
  Gauge: { dataPoints: [1, 'NumberPoint', 'list'] },
  Sum: { dataPoints: [1, 'NumberPoint', 'list'], aggregationTemporality: [2, 'int32'], isMonotonic: [3, 'bool'] },
  Histogram: { dataPoints: [1, 'HistogramPoint', 'list'], aggregationTemporality: [2, 'int32'] },
  ExponentialHistogram: { dataPoints: [1, 'ExponentialPoint', 'list'], aggregationTemporality: [2, 'int32'] },
  Summary: { dataPoints: [1, 'SummaryPoint', 'list'] },
  NumberPoint: {
    ...number,
    asDouble: [4, 'double'],
    asInt: [6, 'sfixed64'],
    attributes: [7, 'attribute', 'list'],
    flags: [8, 'uint32'],
  },
  HistogramPoint: {
    ...histogram,
    bucketCounts: [6, 'fixed64', 'list'],
    explicitBounds: [7, 'double', 'list'],
    attributes: [9, 'attribute', 'list'],
    flags: [10, 'uint32'],
  },
  ExponentialPoint: {
    ...histogram,
    attributes: [1, 'attribute', 'list'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    negative: [9, 'Buckets'],
    flags: [10, 'uint32'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'list'] },
  SummaryPoint: {
    ...histogram,
    quantileValues: [6, 'Quantile', 'list'],
    attributes: [7, 'attribute', 'list'],
    flags: [8, 'uint32'],
  },
  Quantile: { quantile: [1, 'double'], value: [2, 'double'] },

  Resource: { attributes: [1, 'KeyValue', 'list'] },
  Scope: { name: [1, 'string'], version: [2, 'string'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'bytes'],
  },
  ArrayValue: { values: [1, 'AnyValue', 'list'] },
  KeyValueList: { values: [1, 'KeyValue', 'list'] },

  Response: { partialSuccess: [1, 'PartialSuccess'] },
  PartialSuccess: { rejected: [1, 'int64'], errorMessage: [2, 'string'] },
  /** `google.rpc.Status` */
  Status: { code: [1, 'int32'], message: [2, 'string'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [number, string, 'list'?]>>>>;

/** A whole number of 64 bits: protobufjs's own object from the wire, its digits from JSON where it is beyond 2^53. */
export type Int64 = number | string | { toNumber(): number; toString(): string };

/** An attribute of a data point. */
export type Attribute = Buffer | { readonly key?: string; readonly value?: Message<'AnyValue'> };

type Scalars = Record<'string', string> &
  Record<'bool', boolean> &
  Record<'double' | 'int32' | 'sint32' | 'uint32', number> &
  Record<'int64' | 'uint64' | 'fixed64' | 'sfixed64', Int64> &
  Record<'bytes' | 'id', Uint8Array> &
  Record<'attribute', Attribute>;
type Typed<Type> = Type extends keyof Scalars ? Scalars[Type] : Type extends MessageName ? Message<Type> : never;

export type ScalarName = keyof Scalars;
export type MessageName = keyof typeof messages;

/**
 * A decoded message. What is absent reads as undefined from JSON, and from the wire as protobufjs's zero of its type; where the
 * difference counts, `Object.hasOwn` tells it.
 */
export type Message<Name extends MessageName> = {
  readonly [Field in keyof (typeof messages)[Name]]?: (typeof messages)[Name][Field] extends readonly [
    number,
    infer Type,
    'list',
  ]
    ? readonly Typed<Type>[]
    : (typeof messages)[Name][Field] extends readonly [number, infer Type]
      ? Typed<Type>
      : never;
};

/** The messages on the wire, as they are read and as they are written. */
export const wire = {
  read: rootOf({ id: 'bytes', attribute: 'bytes' }),
  write: rootOf({ id: 'bytes', attribute: 'KeyValue' }),
};

function rootOf(types: Readonly<Record<string, string>>): protobuf.Root {
  return protobuf.Root.fromJSON({
    nested: Object.fromEntries(
      Object.entries(messages).map(([name, fields]) => [
        name,
        {
          // So that a zero that was sent is a field of its own.
          options: { features: { field_presence: 'EXPLICIT' } },
          fields: Object.fromEntries(
            Object.entries(fields).map(([field, [id, type, list]]: [string, readonly [number, string, 'list'?]]) => [
              field,
              { id, type: types[type] ?? type, ...(list && { rule: 'repeated' }) },
            ]),
          ),
        },
      ]),
    ),
  });
}
