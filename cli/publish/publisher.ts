import type { Publisher } from '../../records/topic.ts';
import { topicNames } from '../../records/topic-names.ts';

const PUBLISH_PATH = `/v1/projects/local/topics/${topicNames.topic}:publish`;

/**
 * A publisher over HTTP. Where OpenTelemetry is told where to send (`OTEL_EXPORTER_OTLP_ENDPOINT`), each message begins a
 * trace, and `close` sends what is left.
 *
 * @param options.url the server that takes the messages
 */
export async function openPublisher(options: {
  url: string;
  env: NodeJS.ProcessEnv;
}): Promise<{ publisher: Publisher; close(): Promise<void> }> {
  const { createHttpPublisher } = await import('../../records/http-publisher.ts');
  const publisher = createHttpPublisher({ url: options.url + PUBLISH_PATH });
  if (!options.env.OTEL_EXPORTER_OTLP_ENDPOINT) return { publisher, close: async () => {} };
  const { startTelemetry } = await import('../../telemetry/start.ts');
  const { createTracedPublisher } = await import('../../ingest/publish.ts');
  const telemetry = await startTelemetry({ service: 'burnline-publish' });
  return {
    publisher: createTracedPublisher({ publisher, topicName: topicNames.topic, telemetry }),
    close: () => telemetry.shutdown(),
  };
}
