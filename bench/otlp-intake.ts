// Prints how many data points the OTLP intake takes in a second of processor time, the collector's included: decoded, mapped and
// handed to a store that keeps nothing; and what JSON costs beside protocol buffers, in the same run on the same machine.
import { systemClock } from '../base/clock.ts';
import { decode, type Encoding, encode } from '../monitoring/otlp/decode.ts';
import { mapMetrics } from '../monitoring/otlp/metrics.ts';
import type { Message } from '../monitoring/otlp/schema.ts';
import { median, withSpread } from './statistics.ts';

const POINTS = 200;
const ROUNDS = 20;
const REQUESTS_PER_ROUND = 100;

const request = createRequest();
const bodies: Readonly<Record<Encoding, Buffer>> = {
  protobuf: Buffer.from(encode('MetricsRequest', request)),
  json: Buffer.from(JSON.stringify(request)),
};
const perSecond: Record<Encoding, number[]> = { protobuf: [], json: [] };
let taken = 0;
for (let round = -2; round < ROUNDS; round += 1) {
  for (const encoding of ['protobuf', 'json'] as const) {
    const before = process.cpuUsage();
    for (let count = 0; count < REQUESTS_PER_ROUND; count += 1) takeIn(encoding);
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    // The first rounds are the compiler's.
    if (round >= 0) perSecond[encoding].push((REQUESTS_PER_ROUND * POINTS) / seconds);
  }
}
if (taken !== (ROUNDS + 2) * 2 * REQUESTS_PER_ROUND * POINTS) throw new Error(`Only ${taken} points were taken`);

const print = (what: string, figure: string) => process.stdout.write(`${what.padEnd(58)} ${figure}\n`);
print('OTLP data points a processor second, protocol buffers', withSpread(perSecond.protobuf, 0));
print('to the 20,000 a second that are asked for', (median(perSecond.protobuf) / 20_000).toFixed(1));
print(
  'JSON to protocol buffers',
  withSpread(perSecond.json.map((json, at) => json / (perSecond.protobuf[at] ?? json))),
);

function takeIn(encoding: Encoding): void {
  const decoded = decode('MetricsRequest', encoding, bodies[encoding]);
  const { writes } = mapMetrics(decoded, { project: 'local', nowMs: systemClock.now() });
  taken += writes.length;
}

/** Three counters to one histogram of fifteen buckets, five attributes each, as the largest request that Google takes. */
function createRequest(): Message<'MetricsRequest'> {
  const timeUnixNano = systemClock.now() * 1e6;
  const time = { startTimeUnixNano: timeUnixNano - 60e9, timeUnixNano };
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
