import type { Labels, SeriesIdentity, Value } from '../../../monitoring/model.ts';
import { topicNames } from '../../../records/topic-names.ts';
import type { UptimeCheckConfig } from '../../../slo/resources/alerting.ts';
import { boundaries } from '../../../telemetry/boundaries.ts';
import { signals } from '../../../telemetry/signals.ts';
import { cloudRunSeries, latencyBoundsMs } from '../cloud-run.ts';
import { oldestUnackedAge } from '../pubsub.ts';
import type { Place } from '../reporting.ts';
import { serviceNames } from '../services.ts';
import { checkerLocations, uptimeSeries } from '../uptime.ts';
import { createLatencies } from './latencies.ts';
import type { Minute } from './minute.ts';

/** A series, and what a minute adds to it or leaves it at. */
type Told = { series: SeriesIdentity; unit: string; tell(minute: Minute): Value | undefined };

/** The revision and instance of all that is made up, so that it is not the one that the platform goes on with. */
const DEMO = 'demo';
const PROBER = 'records-prober';
const UNAVAILABLE = 503;
const answered = ({ listed, got }: Minute) => listed + got;

/** Every series that an objective, an alert or a dashboard of ours looks at, but for those that nothing has happened in. */
export function demoSeries(
  place: Place,
  uptimeChecks: readonly UptimeCheckConfig[],
  random: () => number,
): readonly Told[] {
  return [
    ...apiSeries(place, random),
    ...ingestSeries(place, random),
    ...probeSeries(place, random),
    ...googleSeries(place, uptimeChecks, random),
  ].map(({ series, ...told }) => {
    const labels = { ...series.metric.labels, demo: 'true' };
    return { ...told, series: { ...series, metric: { ...series.metric, labels } } };
  });
}

function apiSeries(place: Place, random: () => number): Told[] {
  const told = toldBy(place, serviceNames.api);
  const bounds = boundaries[signals.httpServerDuration.name];
  const latencies = createLatencies({ bounds, usual: { median: 0.02, steepness: 2.5 }, slow: 4, random });
  const requests = (route: string, code: number, count: (minute: Minute) => number) => {
    const labels = { 'http.request.method': 'GET', 'http.route': route, 'url.scheme': 'http' };
    return told(signals.httpServerDuration, { ...labels, 'http.response.status_code': String(code) }, minute =>
      latencies(count(minute), minute),
    );
  };
  return [
    requests('/records', 200, ({ listed }) => listed),
    requests('/records', UNAVAILABLE, ({ failed }) => failed),
    requests('/records/:id', 200, ({ got }) => got),
    told(signals.reads, { fresh: 'true' }, minute => answered(minute) - minute.stale),
    told(signals.reads, { fresh: 'false' }, ({ stale }) => stale),
  ];
}

function ingestSeries(place: Place, random: () => number): Told[] {
  const told = toldBy(place, serviceNames.ingest);
  const latenciesOf = (name: keyof typeof boundaries, median: number, steepness: number) =>
    createLatencies({ bounds: boundaries[name], usual: { median, steepness }, random });
  const commits = latenciesOf(signals.publishToCommit.name, 0.3, 1.3);
  const appends = latenciesOf(signals.appendDuration.name, 0.05, 2);
  return [
    told(signals.messages, { delivery: 'pull', outcome: 'stored' }, ({ stored }) => stored),
    told(signals.messages, { delivery: 'pull', outcome: 'failed' }, ({ unstored }) => unstored),
    told(signals.appendedRows, { outcome: 'stored' }, ({ stored }) => stored),
    told(signals.appendedRows, { outcome: 'failed' }, ({ unstored }) => unstored),
    told(signals.publishToCommit, {}, minute => commits(minute.stored, minute)),
    // A few messages to a batch.
    told(signals.appendDuration, { outcome: 'ok' }, minute => appends(Math.ceil(minute.stored / 5), minute)),
    told(signals.deadLettersWaiting, {}, () => 0),
  ];
}

function probeSeries(place: Place, random: () => number): Told[] {
  const told = toldBy(place, PROBER);
  const bounds = boundaries[signals.probePathDuration.name];
  const latencies = createLatencies({ bounds, usual: { median: 2, steepness: 2 }, slow: 2, random });
  return [
    told(signals.probePaths, { outcome: 'ok' }, ({ late }) => 1 - late),
    told(signals.probePaths, { outcome: 'late' }, ({ late }) => late),
    told(signals.probePathDuration, {}, minute => latencies(1, minute)),
  ];
}

function googleSeries(place: Place, uptimeChecks: readonly UptimeCheckConfig[], random: () => number): Told[] {
  const latencies = createLatencies({
    bounds: latencyBoundsMs,
    usual: { median: 20, steepness: 2.5 },
    slow: 4,
    random,
  });
  const api = cloudRunSeries(place, serviceNames.api, DEMO);
  // As with Cloud Run, no point where there was no such answer.
  const answers = (code: number, count: (minute: Minute) => number): Told[] => [
    { series: api.requestCount(code), unit: '1', tell: minute => count(minute) || undefined },
    {
      ...{ series: api.requestLatencies(code), unit: 'ms' },
      tell: minute => (count(minute) > 0 ? latencies(count(minute), minute) : undefined),
    },
  ];
  const instances = [...Object.values(serviceNames), PROBER].map(service => {
    return { series: cloudRunSeries(place, service, DEMO).instanceCount('active'), unit: '1', tell: () => 1 };
  });
  const passes = uptimeChecks.flatMap(check =>
    checkerLocations.map(location => ({
      ...{ series: uptimeSeries(check, location).passed, unit: '1' },
      tell: ({ isIncident }: Minute) => random() > (isIncident ? 0.2 : 0.0005),
    })),
  );
  const age = oldestUnackedAge(place.project, topicNames.subscription);
  return [
    ...answers(200, answered),
    ...answers(UNAVAILABLE, ({ failed }) => failed),
    ...instances,
    ...passes,
    { series: age, unit: 's', tell: () => Math.floor(random() * 3) },
  ];
}

type Signal = { name: string; unit: string; kind: 'counter' | 'histogram' | 'gauge' };

/** What a service tells by OTLP, under the names and on the resource that Google gives it. */
function toldBy({ project, location }: Place, job: string) {
  const resource = {
    type: 'prometheus_target',
    labels: { project_id: project, location, cluster: '', namespace: '', job, instance: DEMO },
  };
  return ({ name, unit, kind }: Signal, labels: Labels, tell: Told['tell']): Told => {
    const metric = {
      type: `prometheus.googleapis.com/${name}/${kind}`,
      labels: { otel_scope_name: 'burnline', ...labels },
    };
    const metricKind = kind === 'gauge' ? 'GAUGE' : 'CUMULATIVE';
    const valueType = kind === 'histogram' ? 'DISTRIBUTION' : 'DOUBLE';
    return { series: { metric, resource, metricKind, valueType }, unit, tell };
  };
}
