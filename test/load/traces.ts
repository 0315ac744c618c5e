import { startServer } from '../../cli/testing.ts';

const SERVER_SPAN = 2;

type Span = { traceId: string; kind: number; startTimeUnixNano: string; endTimeUnixNano: string };
type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };

/** Takes a platform's traces, which the local Cloud Monitoring shows to nobody, and tells how long the request of each took. */
export async function startTraces() {
  const durationsMs = new Map<string, number>();
  const server = await startServer(({ text }, response) => {
    const { resourceSpans } = JSON.parse(text) as Export;
    for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
      const nanos = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
      if (span.kind === SERVER_SPAN) durationsMs.set(span.traceId, Number(nanos) / 1e6);
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  return {
    /** What a platform has to be told. */
    env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${server.url}/v1/traces` },
    durationMs: (traceId: string) => durationsMs.get(traceId),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
