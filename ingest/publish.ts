import { trace } from '@opentelemetry/api';
import type { Message, Publisher } from '../records/topic.ts';
import { extractContext, injectTrace, traceSend } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';

/**
 * A publisher that makes one span for each call and writes its context into the messages, so that they continue the trace; a
 * message that carries a trace context already keeps its own. Counts what was accepted and refused.
 */
export function createTracedPublisher({
  publisher,
  topicName,
  telemetry: { tracer, instruments },
}: {
  publisher: Publisher;
  topicName: string;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
}): Publisher {
  return {
    async publish(messages) {
      try {
        const ids = await traceSend({ tracer, topicName, messageCount: messages.length }, () =>
          publisher.publish(messages.map(withTrace)),
        );
        instruments.published.add(messages.length, { outcome: 'accepted' });
        return ids;
      } catch (error) {
        instruments.published.add(messages.length, { outcome: 'refused' });
        throw error;
      }
    },
  };
}

function withTrace(message: Message): Message {
  if (trace.getSpanContext(extractContext(message.attributes))) return message;
  return { ...message, attributes: injectTrace(message.attributes) };
}
