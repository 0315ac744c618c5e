import { showValue } from '../../base/errors.ts';
import type { Span } from './ports.ts';
import { createRefusals, isRefusal, type Refusal, type Refusals, refuse } from './refusals.ts';
import type { Message } from './schema.ts';
import { toAttributes, toId, toLabel, toMs } from './values.ts';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

/** The spans of a request, and what is refused of them. */
export function mapSpans({ resourceSpans = [] }: Message<'TraceRequest'>): { items: Span[]; refusals: Refusals } {
  const items: Span[] = [];
  const refusals = createRefusals('spans');
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const attributes = toAttributes(resource?.attributes);
    const service = toLabel(attributes['service.name'] ?? '');
    for (const { scope, spans = [] } of scopeSpans) {
      const source = { service, resource: attributes, scope: scope?.name ?? '' };
      for (const span of spans) {
        const item = mapSpan(span, source);
        if (isRefusal(item)) refusals.add(item);
        else items.push(item);
      }
    }
  }
  return { items, refusals };
}

function mapSpan(span: Message<'Span'>, source: Pick<Span, 'service' | 'resource' | 'scope'>): Span | Refusal {
  const { name = '', kind = 0, status, events = [], links = [] } = span;
  const traceId = toId(span.traceId, 16);
  const spanId = toId(span.spanId, 8);
  const parentSpanId = toId(span.parentSpanId, 8);
  const [startMs, endMs] = [toMs(span.startTimeUnixNano), toMs(span.endTimeUnixNano)];
  if (!traceId || !spanId) {
    return refuse(
      'bad_id',
      `span ${showValue(name)} must have a trace id of 16 bytes and a span id of 8, not all zeros`,
    );
  }
  if (startMs === 0 || endMs < startMs) {
    return refuse('bad_time', `span ${showValue(name)} must have a start time, and end no earlier than that`);
  }
  return {
    ...source,
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    name,
    kind: KINDS[kind] ?? 'UNSPECIFIED',
    startMs,
    endMs,
    status: { code: STATUSES[status?.code ?? 0] ?? 'UNSET', message: status?.message ?? '' },
    attributes: toAttributes(span.attributes),
    events: events.map(event => ({
      atMs: toMs(event.timeUnixNano),
      name: event.name ?? '',
      attributes: toAttributes(event.attributes),
    })),
    // A link to nowhere is none.
    links: links.flatMap(link => {
      const ids = { traceId: toId(link.traceId, 16), spanId: toId(link.spanId, 8) };
      if (!ids.traceId || !ids.spanId) return [];
      return [{ traceId: ids.traceId, spanId: ids.spanId, attributes: toAttributes(link.attributes) }];
    }),
  };
}
