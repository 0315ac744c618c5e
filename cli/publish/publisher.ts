import type { Publisher } from '../../records/topic.ts';

/**
 * A publisher over HTTP. Where OpenTelemetry is told where to send (`OTEL_EXPORTER_OTLP_ENDPOINT`), each message begins a
 * trace, and `close` sends what is left.
 *
 * @param options.url the server that takes the messages
 * @param options.topicName the topic, as that server calls it
 */
export async function openPublisher(options: {
  url: string;
  topicName: string;
  env: NodeJS.ProcessEnv;
}): Promise<{ publisher: Publisher; close(): Promise<void> }> {
  const { createHttpPublisher } = await import('../../records/http-publisher.ts');
  const { url, topicName } = options;
  const publisher = createHttpPublisher({ url: `${url}/v1/projects/local/topics/${topicName}:publish` });
  if (!options.env.OTEL_EXPORTER_OTLP_ENDPOINT) return { publisher, close: async () => {} };
  const { startTelemetry } = await import('../../telemetry/start.ts');
  const { createTracedPublisher } = await import('../../ingest/publish.ts');
  const telemetry = await startTelemetry({ service: 'burnline-publish' });
  return {
    publisher: createTracedPublisher({ publisher, topicName, telemetry }),
    close: () => telemetry.shutdown(),
  };
}
