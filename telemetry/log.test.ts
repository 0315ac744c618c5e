import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { SeverityNumber } from '@opentelemetry/api';
import { createCollector } from './collect.ts';
import { createLogger } from './log.ts';
import { startTelemetry, type Telemetry } from './start.ts';

let telemetry: Telemetry | undefined;
afterEach(async () => {
  await telemetry?.shutdown();
  telemetry = undefined;
  delete process.env.GOOGLE_CLOUD_PROJECT;
});

test('an entry is one line of JSON in the names of Cloud Logging', () => {
  const { log, lines } = createLog();
  log.child({ part: 'ingest' }).warn({ count: 3 }, 'refused %d', 3);
  const [{ time, ...entry } = { time: '' }] = lines();
  assert.deepEqual(entry, {
    severity: 'WARNING',
    serviceContext: { service: 'records-api' },
    part: 'ingest',
    count: 3,
    message: 'refused 3',
  });
  assert.equal(new Date(String(time)).toISOString(), time);
});

test('every level has the severity that Cloud Logging sorts by', () => {
  const { log, lines } = createLog('trace');
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[level]('x');
  assert.deepEqual(
    lines().map(({ severity }) => severity),
    ['DEBUG', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
  );
});

test('an error has its stack where Error Reporting looks for it', () => {
  const { log, lines } = createLog();
  log.error({ err: new TypeError('no such row') }, 'read failed');
  log.error(new TypeError('no such row'));
  const [entry, bare] = lines();
  assert.equal(entry?.message, 'read failed');
  assert.deepEqual(entry?.err, { type: 'TypeError', message: 'no such row' });
  assert.match(String(entry?.stack_trace), /^TypeError: no such row\n {4}at /);
  assert.equal(bare?.message, 'no such row');
  assert.deepEqual(bare?.err, entry?.err);
});

test('an entry within a span carries its ids, with the project where it is known', async () => {
  const collected = createCollector();
  telemetry = await startTelemetry({ service: 'records-api', ...collected.sinks });
  const { log, lines } = createLog();
  const { traceId, spanId } = telemetry.tracer.startActiveSpan('work', span => {
    log.info('local');
    process.env.GOOGLE_CLOUD_PROJECT = 'p1';
    log.info('in the cloud');
    span.end();
    return span.spanContext();
  });
  const [local, cloud] = lines();
  assert.equal(local?.['logging.googleapis.com/trace'], traceId);
  assert.equal(local?.['logging.googleapis.com/spanId'], spanId);
  assert.equal(local?.['logging.googleapis.com/trace_sampled'], true);
  assert.equal(cloud?.['logging.googleapis.com/trace'], `projects/p1/traces/${traceId}`);
});

test('OpenTelemetry logs get the same entries, with their span, and none below the level', async () => {
  const collected = createCollector();
  telemetry = await startTelemetry({ service: 'records-api', ...collected.sinks });
  const { log } = createLog();
  log.debug('too quiet');
  const spanContext = telemetry.tracer.startActiveSpan('work', span => {
    log.child({ part: 'ingest' }).info({ count: 3 }, 'stored %s', 'all');
    span.end();
    return span.spanContext();
  });
  log.error({ err: new TypeError('no such row') }, 'read failed');
  log.fatal(new RangeError('too far'));

  const [info, error, fatal, ...others] = collected.logs();
  assert.deepEqual(others, []);
  assert.equal(info?.body, 'stored all');
  assert.equal(info?.severityNumber, SeverityNumber.INFO);
  assert.equal(info?.severityText, 'INFO');
  assert.deepEqual(info?.attributes, { part: 'ingest', count: 3 });
  assert.deepEqual(info?.spanContext, spanContext);
  assert.equal(error?.body, 'read failed');
  assert.equal(error?.attributes['exception.type'], 'TypeError');
  assert.equal(error?.attributes['exception.message'], 'no such row');
  assert.equal(fatal?.body, 'too far');
  assert.equal(fatal?.attributes['exception.type'], 'RangeError');
});

function createLog(level?: string) {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  return {
    log: createLogger({ service: 'records-api', destination, ...(level !== undefined && { level }) }),
    lines: () => written.map(line => JSON.parse(line) as Record<string, unknown>),
  };
}
