import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Clock } from '../../base/clock.ts';
import { BurnlineError } from '../../base/errors.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { limits } from '../limits.ts';
import type { SeriesStore } from '../model.ts';
import { encodingOf, readBody } from './body.ts';
import { decode, type Encoding, encode } from './decode.ts';
import { mapLogs } from './logs.ts';
import { countPoints, createMetricsMapper } from './metrics.ts';
import type { Keeper, LogEntry, Span } from './ports.ts';
import { type Refusals, refuse } from './refusals.ts';
import { mapSpans } from './spans.ts';

type Options = {
  /** Where metrics go. Where it throws an error of status 503, being full of what is not yet written, the sender is told to wait. */
  store: Pick<SeriesStore, 'write'>;
  traces: Pick<Keeper<Span>, 'keep'>;
  logs: Pick<Keeper<LogEntry>, 'keep'>;
  /** The project of what names none by `gcp.project_id`. */
  project: string;
  clock: Clock;
  /** Whether a request of more than 200 data points is refused whole, as Google does. */
  asGoogle?: boolean;
};

/** A signal: its name in counters, what its items are called in answers, and what takes a body in. */
type Signal = {
  name: string;
  rejected: string;
  take(encoding: Encoding, body: Buffer): Promise<Refusals> | Refusals | undefined;
};

/**
 * How long the processor is let go of between the steps of a request. Linux takes it from nobody before a slice of some milliseconds is
 * over, not even from a thread that stands back for others, and an API on the same two cores would wait for that.
 */
const PAUSE_MS = 1;

/** `google.rpc.Code`: UNAVAILABLE, and INVALID_ARGUMENT for all that will not do better when it is sent again. */
const [UNAVAILABLE, INVALID_ARGUMENT] = [14, 3];

/**
 * OTLP over HTTP: takes traces, metrics and logs in JSON and protocol buffers, and answers as Google's Telemetry API does.
 *
 * @example
 * const intake = createOtlpIntake({ store, traces, logs, project: 'local', clock: systemClock });
 * createServer(async (req, res) => (await intake.handle(req, res)) || notFound(res));
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpIntake({ store, traces, logs, project, clock, asGoogle = true }: Options): {
  /** Answers a request; false, and nothing is done, where its path is none of OTLP's. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** What was not taken, as `metrics.no_location`: items by signal and reason, and requests refused whole by their error's code. */
  dropped(): Record<string, number>;
} {
  const mapMetrics = createMetricsMapper({ project });
  const dropped = new Map<string, number>();
  // What waits for its turn is held as bytes, and not decoded.
  const inTurn = pLimit(limits.otlp_requests_max);
  const count = (key: string, items: number) => dropped.set(key, (dropped.get(key) ?? 0) + items);

  function takeTraces(encoding: Encoding, body: Buffer): Refusals {
    const { items, refusals } = mapSpans(decode('TraceRequest', encoding, body));
    traces.keep(items);
    return refusals;
  }

  function takeLogs(encoding: Encoding, body: Buffer): undefined {
    logs.keep(mapLogs(decode('LogsRequest', encoding, body), { nowMs: clock.now() }));
  }

  async function takeMetrics(encoding: Encoding, body: Buffer): Promise<Refusals> {
    const request = decode('MetricsRequest', encoding, body);
    const points = countPoints(request);
    if (asGoogle && points > limits.otlp_points_max) {
      count('metrics.too_many_points', points);
      const advice = 'set maxExportBatchSize on the metric reader, or a smaller batch in the collector';
      const detail = `The request has ${points} data points, and Google takes at most ${limits.otlp_points_max}: ${advice}`;
      throw httpErrors.error('bad_request', detail);
    }
    await sleep(PAUSE_MS);
    const { writes, origins, refusals } = mapMetrics(request, clock.now());
    await sleep(PAUSE_MS);
    // A summary is several writes; the sender is told of data points.
    const refused = new Map(store.write(writes).refused.map(({ index, reason }) => [origins[index], reason]));
    for (const reason of refused.values()) refusals.add(refuse('by_store', reason));
    return refusals;
  }

  const signals = new Map<string, Signal>([
    ['/v1/traces', { name: 'traces', rejected: 'rejectedSpans', take: takeTraces }],
    ['/v1/metrics', { name: 'metrics', rejected: 'rejectedDataPoints', take: takeMetrics }],
    ['/v1/logs', { name: 'logs', rejected: 'rejectedLogRecords', take: takeLogs }],
  ]);

  return {
    async handle(req, res) {
      const signal = signals.get(req.url?.split('?')[0] ?? '');
      if (!signal) return false;
      let encoding: Encoding = 'json';
      try {
        if (req.method !== 'POST') {
          throw httpErrors.error('method_not_allowed', `OTLP is sent by POST, not ${req.method}`);
        }
        encoding = encodingOf(req);
        const body = await readBody(req, res);
        const refusals = await inTurn(() => signal.take(encoding, body));
        for (const [reason, items] of refusals?.byReason() ?? []) count(`${signal.name}.${reason}`, items);
        answerTaken(res, encoding, signal, refusals);
      } catch (error) {
        if (!(error instanceof BurnlineError)) throw error;
        count(`${signal.name}.${error.code}`, 1);
        answerError(res, encoding, error);
      }
      return true;
    },
    dropped: () => Object.fromEntries(dropped),
  };
}

function answerTaken(res: ServerResponse, encoding: Encoding, { rejected }: Signal, refusals?: Refusals): void {
  const items = refusals?.count() ?? 0;
  const errorMessage = refusals?.message() ?? '';
  const json = items > 0 ? { partialSuccess: { [rejected]: String(items), errorMessage } } : {};
  const message = items > 0 ? { partialSuccess: { rejected: items, errorMessage } } : {};
  answer(res, 200, encoding, encoding === 'json' ? JSON.stringify(json) : encode('Response', message));
}

function answerError(res: ServerResponse, encoding: Encoding, { message, row: { status } }: BurnlineError): void {
  if (status === 405) res.setHeader('Allow', 'POST');
  if (status === 503) res.setHeader('Retry-After', limits.otlp_retry_after_seconds);
  const error = { code: status === 503 ? UNAVAILABLE : INVALID_ARGUMENT, message };
  answer(res, status, encoding, encoding === 'json' ? JSON.stringify(error) : encode('Status', error));
}

function answer(res: ServerResponse, status: number, encoding: Encoding, body: string | Uint8Array): void {
  res.writeHead(status, {
    'Content-Type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    'Content-Length': Buffer.byteLength(body),
  });
  res.end(body);
}
