import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { messageOf } from '../base/errors.ts';

type Attributes = Readonly<Record<string, string>>;

/** The most links of one span that Google's trace storage takes. */
const LINKS_MAX = 128;

const fields = ['traceparent', 'tracestate'] as const;

/** A message's attributes with the W3C trace context of the active span, so that its subscriber continues the trace. */
export function injectTrace(attributes: Attributes): Record<string, string> {
  const carrier: Partial<Record<string, string>> = {};
  propagation.inject(context.active(), carrier);
  const injected: Record<string, string> = { ...attributes };
  if (carrier.traceparent === undefined) return injected;
  // Baggage stays behind: it may hold what an outside client sent. And an earlier trace's state is not this one's.
  for (const field of fields) {
    delete injected[field];
    if (carrier[field] !== undefined) injected[field] = carrier[field];
  }
  return injected;
}

/**
 * What tells of a span in one line, where it is kept with a row and not sent; `undefined` of one that is none.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceparentOf(span: Span): string | undefined {
  const of = span.spanContext();
  if (!isSpanContextValid(of)) return undefined;
  return `00-${of.traceId}-${of.spanId}-${of.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The context that `injectTrace` wrote into a message's attributes; the root context where there is none. */
export function extractContext(attributes: Attributes): Context {
  return propagation.extract(ROOT_CONTEXT, attributes);
}

/** Runs `publish` in a producer span `send <topic>`; messages get the span's context by `injectTrace`. */
export function traceSend<Result>(
  options: { tracer: Tracer; topicName: string; messageCount: number },
  publish: () => Promise<Result>,
): Promise<Result> {
  const { tracer, topicName, messageCount } = options;
  const span = tracer.startSpan(`send ${topicName}`, {
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'gcp_pubsub',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topicName,
      'messaging.batch.message_count': messageCount,
    },
  });
  return runInSpan(span, context.active(), publish);
}

/**
 * Starts the consumer span `process <subscription>` of a message, a child of the span that published it. The caller ends it
 * when the message is durable, by `endSpan`.
 */
export function startProcessSpan(options: {
  tracer: Tracer;
  subscriptionName: string;
  message: { messageId: string; attributes: Attributes };
}): Span {
  const { tracer, subscriptionName, message } = options;
  return tracer.startSpan(
    `process ${subscriptionName}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.subscription.name': subscriptionName,
        'messaging.message.id': message.messageId,
      },
    },
    extractContext(message.attributes),
  );
}

/**
 * Runs `append` in a client span `append record_events`: a child of the first message's process span, linked to those of the
 * next 128, for a span has one parent only. Without process spans it is a child of the active span.
 */
export function traceAppend<Result>(
  options: { tracer: Tracer; system: string; rowCount: number; processSpans?: readonly Span[] },
  append: () => Promise<Result>,
): Promise<Result> {
  const { tracer, system, rowCount, processSpans = [] } = options;
  const [first, ...others] = processSpans.slice(0, LINKS_MAX + 1);
  const parent = first === undefined ? context.active() : trace.setSpan(ROOT_CONTEXT, first);
  const span = tracer.startSpan(
    'append record_events',
    {
      kind: SpanKind.CLIENT,
      links: others.map((other): Link => ({ context: other.spanContext() })),
      attributes: {
        'db.system.name': system,
        'db.operation.name': 'append',
        'db.collection.name': 'record_events',
        'db.operation.batch.size': rowCount,
      },
    },
    parent,
  );
  return runInSpan(span, parent, append);
}

/** Ends a span, as failed where there is an error: `error.type` is its code or name, the status its message. */
export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) {
    span.setAttribute('error.type', errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
  }
  span.end();
}

/** What tells errors apart without telling requests apart: `queue_full`, `ECONNREFUSED`, `TypeError`. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

async function runInSpan<Result>(span: Span, parent: Context, run: () => Promise<Result>): Promise<Result> {
  try {
    const result = await context.with(trace.setSpan(parent, span), run);
    endSpan(span);
    return result;
  } catch (error) {
    endSpan(span, error ?? new Error('rejected without a reason'));
    throw error;
  }
}
