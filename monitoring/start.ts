import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { ErrorLog } from '../base/http/problem.ts';
import { type Listening, listen } from '../base/http/server.ts';
import type { NewId } from '../base/ids.ts';
import { type DelayOf, withDelays } from './delay.ts';
import { createEvaluator } from './evaluate/evaluator.ts';
import { openIncidentLog } from './incidents/log.ts';
import { limits } from './limits.ts';
import type { SeriesStore, SeriesWrite } from './model.ts';
import { createOtlpIntake } from './otlp/intake.ts';
import { createKeeper } from './otlp/kept.ts';
import type { LogEntry, Span } from './otlp/ports.ts';
import { openResources } from './resources/resources.ts';
import { openSeriesStore } from './series/store.ts';
import { createMonitoringServer } from './server.ts';

/** A local Cloud Monitoring that runs. */
export type Monitoring = {
  listening: Listening;
  /** Where points go that do not come by HTTP. */
  write: SeriesStore['write'];
  /** Keeps a resource under its own name. */
  put: ReturnType<typeof createMonitoringServer>['put'];
  /**
   * Fills a store that has no series yet, oldest first, and evaluates each minute of it, so that its incidents are there too. False
   * where there are series already.
   */
  load(history: Iterable<readonly SeriesWrite[]>): boolean;
  stop(): Promise<void>;
};

const MINUTE_MS = 60_000;

/**
 * Starts the local Cloud Monitoring on the files of a folder: OTLP in, the Cloud Monitoring API out, SLOs and alert policies evaluated.
 *
 * @param options.answer what else is served on the port, behind the same check of Host and Origin; false where a path is not its own
 */
export async function startMonitoring(options: {
  folder: string;
  port: number;
  project: string;
  clock: Clock;
  newId: NewId;
  log: ErrorLog;
  /** How often SLOs and policies are evaluated. */
  evaluateEveryMs: number;
  /** Where nothing is to be seen before it can be seen at Google's. */
  delayOf?: DelayOf;
  answer?: (req: IncomingMessage, res: ServerResponse) => boolean;
}): Promise<Monitoring> {
  const { folder, port, project, clock, newId, log, evaluateEveryMs, delayOf, answer } = options;
  // In a history that is loaded it is as late as its points say.
  let loadingMs: number | undefined;
  const store = openSeriesStore({
    path: join(folder, 'series.sqlite'),
    clock: { now: () => loadingMs ?? clock.now() },
  });
  const resources = openResources({ path: join(folder, 'resources.sqlite'), clock });
  const incidents = openIncidentLog({ path: join(folder, 'incidents.sqlite'), clock });
  const open = incidents.list().filter(({ closedAtMs }) => closedAtMs === undefined);
  const evaluator = createEvaluator({ project, store, newId, open, ...(delayOf && { delayOf }) });
  const otlp = createOtlpIntake({
    ...{ store, project, clock },
    traces: createKeeper<Span>({ bytesMax: limits.kept_traces_bytes_max }),
    logs: createKeeper<LogEntry>({ bytesMax: limits.kept_logs_bytes_max }),
  });
  const intake = {
    handle: async (req: IncomingMessage, res: ServerResponse) => (answer?.(req, res) ?? false) || otlp.handle(req, res),
  };
  const server = createMonitoringServer({
    ...{ resources, evaluator, incidents, intake, project, clock, newId, log },
    store: delayOf ? withDelays(store, delayOf, clock) : store,
  });
  // What was there before, the server has handed to each SLO.
  store.onIncrement(evaluator.observe, evaluator.isFollowed);
  const listening = await listen({ handler: server.handler, port, portVariable: 'BURNLINE_MONITORING_PORT' });
  const timer = setInterval(evaluate, evaluateEveryMs);

  function evaluateAt(nowMs: number): void {
    const { opened, closed, failed } = evaluator.evaluate(nowMs);
    for (const { policy, error } of failed)
      log.error({ err: error, policy }, `A policy was not evaluated: ${messageOf(error)}`);
    if (opened.length + closed.length > 0) incidents.record([...opened, ...closed]);
  }

  function evaluate(): void {
    try {
      evaluateAt(clock.now());
    } catch (error) {
      log.error({ err: error }, `SLOs and alerts were not evaluated: ${messageOf(error)}`);
    }
  }

  return {
    listening,
    write: store.write,
    put: server.put,
    load(history) {
      if (store.facts().series > 0) return false;
      let evaluatedMs = 0;
      for (const writes of history) {
        const endMs = Math.max(...writes.map(({ points }) => points.at(-1)?.endMs ?? 0));
        loadingMs = endMs;
        store.write(writes);
        for (evaluatedMs ||= endMs - MINUTE_MS; evaluatedMs + MINUTE_MS <= endMs; ) {
          evaluatedMs += MINUTE_MS;
          evaluateAt(evaluatedMs);
        }
      }
      loadingMs = undefined;
      return true;
    },
    async stop() {
      clearInterval(timer);
      await listening.drain(limits.stop_ms_max);
      store.close();
      resources.close();
      incidents.close();
    },
  };
}
