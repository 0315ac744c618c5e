import type { DiagLogger } from '@opentelemetry/api';
import type { Clock } from '../base/clock.ts';

const SAME_MS = 60_000;
const KNOWN_MAX = 100;

/**
 * What OpenTelemetry says of itself, a line each: of an error its message, where the SDK would write a stack as JSON, and the same
 * line once a minute at most, for an endpoint that is away is told of at each export. What was lost is counted either way.
 */
export function createDiagnostics({ write, clock }: { write(line: string): void; clock: Clock }): DiagLogger {
  const saidMs = new Map<string, number>();
  const say = (text: string, ...more: unknown[]): void => {
    const line = [messageIn(text), ...more].join(' ');
    const nowMs = clock.now();
    if (nowMs - (saidMs.get(line) ?? Number.NEGATIVE_INFINITY) < SAME_MS) return;
    if (saidMs.size >= KNOWN_MAX) saidMs.clear();
    saidMs.set(line, nowMs);
    write(`telemetry: ${line}\n`);
  };
  return { error: say, warn: say, info: say, debug: say, verbose: say };
}

/** The SDK's handler of errors writes one as JSON. */
function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
