import { systemClock } from '../base/clock.ts';
import { decode, type Encoding, encode } from '../monitoring/otlp/decode.ts';
import { createMetricsMapper } from '../monitoring/otlp/metrics.ts';
import type { Message } from '../monitoring/otlp/schema.ts';
import { cpuMs } from './processes.ts';

export const POINTS_PER_REQUEST = 200;
const ROUNDS = 20;
const REQUESTS_PER_ROUND = 100;

/**
 * How many data points the OTLP intake takes in a second of processor time, the collector's included: decoded, mapped and handed to a
 * store that keeps nothing; by encoding, a number for each round.
 */
export function measureIntake(): Record<Encoding, number[]> {
  const request = createRequest({ startMs: systemClock.now() - 60_000, nowMs: systemClock.now() });
  const bodies: Readonly<Record<Encoding, Buffer>> = {
    protobuf: Buffer.from(encode('MetricsRequest', request)),
    json: Buffer.from(JSON.stringify(request)),
  };
  const perSecond: Record<Encoding, number[]> = { protobuf: [], json: [] };
  let taken = 0;
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const encoding of ['protobuf', 'json'] as const) {
      const startedMs = cpuMs();
      for (let count = 0; count < REQUESTS_PER_ROUND; count += 1) taken += takeIn(encoding, bodies[encoding]);
      const seconds = (cpuMs() - startedMs) / 1000;
      // The first rounds are the compiler's.
      if (round >= 0) perSecond[encoding].push((REQUESTS_PER_ROUND * POINTS_PER_REQUEST) / seconds);
    }
  }
  if (taken !== (ROUNDS + 2) * 2 * REQUESTS_PER_ROUND * POINTS_PER_REQUEST) throw new Error(`Only ${taken} were taken`);
  return perSecond;
}

const mapMetrics = createMetricsMapper({ project: 'local' });

function takeIn(encoding: Encoding, body: Buffer): number {
  return mapMetrics(decode('MetricsRequest', encoding, body), systemClock.now()).writes.length;
}

/** Three counters to one histogram of fifteen buckets, five attributes each, as the largest request that Google takes. */
export function createRequest({ startMs, nowMs }: { startMs: number; nowMs: number }): Message<'MetricsRequest'> {
  const time = { startTimeUnixNano: startMs * 1e6, timeUnixNano: nowMs * 1e6 };
  const attributes = (values: Record<string, string>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const points = <Point>(count: number, point: Point) =>
    Array.from({ length: count }, (_, index) => ({
      ...time,
      ...point,
      attributes: attributes({
        'http.request.method': 'GET',
        'http.route': `/orders/${index}`,
        'http.response.status_code': '200',
        'url.scheme': 'https',
        'network.protocol.version': '1.1',
      }),
    }));
  const bucketCounts = Array.from({ length: 16 }, (_, index) => index);
  const explicitBounds = bucketCounts.slice(1).map(index => index / 10);
  const histogram = { count: 120, sum: 90.5, bucketCounts, explicitBounds };
  const resource = {
    attributes: attributes({ 'service.name': 'checkout', 'service.instance.id': 'a', 'cloud.region': 'us-central1' }),
  };
  const metrics = [
    { name: 'orders', sum: { dataPoints: points(150, { asInt: 7 }), aggregationTemporality: 2, isMonotonic: true } },
    { name: 'duration', histogram: { dataPoints: points(50, histogram), aggregationTemporality: 2 } },
  ];
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'bench' }, metrics }] }] };
}
