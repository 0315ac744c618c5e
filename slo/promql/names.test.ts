import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counter, gauge, histogram } from '../index.ts';
import { googleName, prometheusName } from './names.ts';

// What Prometheus itself makes of each, with the default strategy of its OTLP receiver.
const NAMES = {
  counter: [
    ['jobs.done', '', 'jobs_done_total'],
    ['jobs_total', '1', 'jobs_total'],
    ['total.of.jobs', '{job}', 'of_jobs_total'],
    ['sent', 'MBy', 'sent_megabytes_total'],
    ['bytes.sent', 'By', 'bytes_sent_total'],
    ['disk.io', 'By/s', 'disk_io_bytes_per_second_total'],
    ['jobs', '{job}/s', 'jobs_per_second_total'],
  ],
  gauge: [
    ['age', '', 'age'],
    ['system.cpu.utilization', '1', 'system_cpu_utilization_ratio'],
    ['cache.ratio.hit', '1', 'cache_hit_ratio'],
    ['queue.length', '{message}', 'queue_length'],
    ['cpu.clock', 'Hz', 'cpu_clock_hertz'],
    ['disk.used', '%', 'disk_used_percent'],
    ['light', 'lux', 'light_lux'],
    ['force', 'kg.m/s2', 'force_kg_m_per_s2'],
    ['temperature', '[degF]/h', 'temperature_degF_per_hour'],
    ['2xx', '{}/{}', '_2xx'],
  ],
  histogram: [
    ['http.server.request.duration', 's', 'http_server_request_duration_seconds'],
    ['wait__milliseconds', 'ms', 'wait_milliseconds'],
    ['share', '1', 'share'],
  ],
} as const;

test('Prometheus’ name ends in the unit, and of a counter in total, of a gauge of unit 1 in ratio', () => {
  for (const [name, unit, expected] of NAMES.counter) {
    assert.equal(prometheusName(counter({ name, unit, kind: 'counter' })), expected);
  }
  for (const [name, unit, expected] of NAMES.gauge) {
    assert.equal(prometheusName(gauge({ name, unit, kind: 'gauge' })), expected);
  }
  for (const [name, unit, expected] of NAMES.histogram) {
    assert.equal(prometheusName(histogram({ name, unit, kind: 'histogram' }).distribution), expected);
  }
});

test('a metric by its name alone has no unit, but for a histogram, which is of seconds', () => {
  const names = [counter('a'), gauge('a'), histogram('a').distribution].map(prometheusName);
  assert.deepEqual(names, ['a_total', 'a', 'a_seconds']);
});

test('Cloud Monitoring’s name is OpenTelemetry’s, whatever the unit', () => {
  assert.equal(
    googleName(gauge({ name: 'system.cpu.utilization', unit: '1', kind: 'gauge' })),
    'system.cpu.utilization',
  );
});
