import { type Clock, createManualClock } from '../../base/clock.ts';
import { listen } from '../../base/http/server.ts';
import { createEvaluator, type Evaluator } from '../evaluate/evaluator.ts';
import type { Incident } from '../evaluate/incidents.ts';
import { openIncidentLog } from '../incidents/log.ts';
import type { Increment, Point, Series, SeriesStore } from '../model.ts';
import { openResources, type Resources } from '../resources/resources.ts';
import { createMonitoringServer } from '../server.ts';
import { countPoints } from '../testing.ts';

/** When tests take place, to the minute. */
export const NOW_MS = Date.parse('2026-11-20T12:00:00Z');

/** A store in memory that keeps what it is given, deltas and gauges only. */
export function createMemoryStore(): SeriesStore {
  const known = new Map<string, { series: Series; points: Point[] }>();
  const listeners: ((increment: Increment) => void)[] = [];
  const of = ({ id }: Series) => [...known.values()].find(entry => entry.series.id === id)?.points ?? [];
  const read = (series: Series, fromMs: number, toMs: number) =>
    of(series).filter(({ endMs }) => endMs > fromMs && endMs <= toMs);
  return {
    write(writes) {
      for (const { series: identity, points } of writes) {
        const key = JSON.stringify([identity.metric, identity.resource]);
        const entry = known.get(key) ?? { series: { ...identity, id: known.size + 1 }, points: [] };
        known.set(key, entry);
        entry.points.push(...points);
        for (const point of points) for (const listener of listeners) listener({ series: entry.series, point });
      }
      return { kept: writes.length, refused: [] };
    },
    seriesOf: type =>
      [...known.values()]
        .map(({ series }) => series)
        .filter(({ metric }) => type === undefined || metric.type === type),
    read,
    readIncrements: read,
    count: (series, counters) => countPoints(of(series), counters),
    newestMs: series => of(series).at(-1)?.endMs ?? 0,
    onIncrement: listener => void listeners.push(listener),
  };
}

/** An answer of the API: the parsed body, and the status. */
type Answer = { status: number; body: Record<string, unknown> };

/** The local Cloud Monitoring on a free port, with nothing in it but what is given. */
export async function startMonitoring(
  options: {
    project?: string;
    store?: SeriesStore;
    resources?: Resources;
    incidents?: readonly Incident[];
    clock?: Clock;
    /** SLOs in place of those that are evaluated. */
    objective?: Evaluator['objective'];
    intake?: Parameters<typeof createMonitoringServer>[0]['intake'];
  } = {},
) {
  const clock = options.clock ?? createManualClock(NOW_MS);
  const store = options.store ?? createMemoryStore();
  const resources = options.resources ?? openResources({ path: ':memory:', clock });
  let newest = 0;
  const newId = () => {
    newest += 1;
    return `id-${newest}`;
  };
  const { project = 'local', objective, intake } = options;
  const evaluator = createEvaluator({ project, store, newId });
  store.onIncrement(evaluator.observe, evaluator.isFollowed);
  const incidents = openIncidentLog({ path: ':memory:', clock });
  incidents.record(options.incidents?.toReversed() ?? []);
  const failures: unknown[] = [];
  const server = createMonitoringServer({
    ...{ store, resources, project, clock, newId, ...(intake && { intake }) },
    evaluator: { ...evaluator, ...(objective && { objective }) },
    incidents,
    log: { error: fields => failures.push(fields) },
  });
  const { url, drain } = await listen({ handler: server.handler, port: 0 });
  return {
    url,
    store,
    evaluator,
    put: server.put,
    /** What was logged as a failure of ours. */
    failures,
    async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async [Symbol.asyncDispose]() {
      await drain(0);
      incidents.close();
      if (!options.resources) resources.close();
    },
  };
}
