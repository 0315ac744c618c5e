import { sha256 } from 'k6/crypto';

/** The ids of a request's trace and of its parent in it. They follow from run and number, so the summary can tell them again. */
export function traceOf(run: string, number: number): { traceId: string; spanId: string } {
  const digest = sha256(`${run}:${number}`, 'hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** The W3C trace context of a request, sampled. */
export function traceparentOf(run: string, number: number): string {
  const { traceId, spanId } = traceOf(run, number);
  return `00-${traceId}-${spanId}-01`;
}
