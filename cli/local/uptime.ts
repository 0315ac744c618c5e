import type { Clock } from '../../base/clock.ts';
import type { SeriesIdentity, SeriesWrite, Value } from '../../monitoring/model.ts';
import type { UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import type { Source } from './reporting.ts';

/** Three of the places that Google asks from, the least that a check has. Here one asks for all three: there is one network. */
export const checkerLocations = ['usa-iowa', 'eur-belgium', 'apac-singapore'] as const;

const USER_AGENT = 'GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)';

/** The series of an uptime check from one place. */
export function uptimeSeries({ name, monitoredResource: resource }: UptimeCheckConfig, location: string) {
  const labels = { check_id: name.slice(name.lastIndexOf('/') + 1), checker_location: location };
  const series = (metric: string, valueType: 'BOOL' | 'DOUBLE'): SeriesIdentity => ({
    metric: { type: `monitoring.googleapis.com/uptime_check/${metric}`, labels },
    ...{ resource, metricKind: 'GAUGE', valueType },
  });
  return { passed: series('check_passed', 'BOOL'), latency: series('request_latency', 'DOUBLE') };
}

/**
 * What Google's uptime checks would report, by really asking: each check's path, of the local platform instead of its host. An answer
 * from 200 to 299 with the text that the check wants passes; without an answer there is no latency.
 *
 * @param options.url of the server that the checks' hosts stand for, without a slash at its end
 */
export function createUptimeChecks(options: {
  checks: readonly UptimeCheckConfig[];
  url: string;
  clock: Clock;
  fetch?: typeof globalThis.fetch;
}): Source {
  const { checks, url, clock, fetch = globalThis.fetch } = options;

  async function ask({ httpCheck, timeout, contentMatchers = [] }: UptimeCheckConfig, stop: AbortSignal) {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(Number.parseFloat(timeout) * 1000)]);
    const startedMs = clock.now();
    try {
      const answer = await fetch(url + httpCheck.path, { headers: { 'user-agent': USER_AGENT }, signal });
      const text = await answer.text();
      const passed = answer.ok && contentMatchers.every(({ content }) => text.includes(content));
      return { passed, latencyMs: Math.max(0, clock.now() - startedMs) };
    } catch {
      return { passed: false };
    }
  }

  async function check(config: UptimeCheckConfig, stop: AbortSignal): Promise<SeriesWrite[]> {
    const { passed, latencyMs } = await ask(config, stop);
    const endMs = clock.now();
    const write = (series: SeriesIdentity, value: Value, unit: string) => {
      return { series, unit, points: [{ startMs: endMs, endMs, value }] };
    };
    return checkerLocations.flatMap(location => {
      const series = uptimeSeries(config, location);
      const latency = latencyMs === undefined ? [] : [write(series.latency, latencyMs, 'ms')];
      return [write(series.passed, passed, '1'), ...latency];
    });
  }

  return { sample: async stop => (await Promise.all(checks.map(config => check(config, stop)))).flat() };
}
