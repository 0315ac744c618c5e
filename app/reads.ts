import { trace } from '@opentelemetry/api';
import type { Context } from 'koa';
import type { Reader } from '../records/reader.ts';
import { extractContext } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';

/** Counts one answered read, by whether what it saw was fresh: the freshness SLI. Those of probes and load tests are no user's. */
export type CountRead = (ctx: Context) => void;

/** Makes it; without telemetry nothing is counted. */
export function createReadCounter(options: {
  reader: Reader;
  instruments: Pick<Telemetry['instruments'], 'reads'> | undefined;
}): CountRead {
  const { reader, instruments } = options;
  return ctx => {
    if (ctx.get('x-synthetic') !== 'true') instruments?.reads.add(1, { fresh: reader.isFresh() ? 'true' : 'false' });
  };
}

/** Links the read under way to the trace that wrote what it read. */
export function linkToWrite(traceparent: string | undefined): void {
  const context = traceparent && trace.getSpanContext(extractContext({ traceparent }));
  const span = trace.getActiveSpan();
  // Where the client has gone, the span of its request has ended.
  if (context && span?.isRecording()) span.addLink({ context });
}
