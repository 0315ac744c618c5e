import type { Publisher } from '../../records/topic.ts';

const TOPIC_NAME = 'data-ingestion';
const PUBLISH_PATH = `/v1/projects/local/topics/${TOPIC_NAME}:publish`;

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
    publisher: createTracedPublisher({ publisher, topicName: TOPIC_NAME, telemetry }),
    close: () => telemetry.shutdown(),
  };
}
