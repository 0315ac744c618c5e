import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileServices } from '../slo/compile.ts';
import {
  availability,
  cloudRun,
  cloudRunBasic,
  cloudRunLatencies,
  cloudRunRequests,
  histogram,
  httpServerDuration,
  latency,
  loadBalancerLatencies,
  type ObjectiveSpec,
  ratio,
  service,
  windows,
} from '../slo/index.ts';
import { toK6Thresholds } from './k6.ts';

const root = join(import.meta.dirname, '..');
const [why, period] = ['Because.', '28d'] as const;
const available = availability({ goal: 0.999, period, why, sli: cloudRunRequests() });
const except = (route: string) => histogram('http.server.request.duration', { 'http.route': { not: route } });
const fast = (id: string, route: string) =>
  latency({ id, goal: 0.99, period, why, under: '200ms', sli: httpServerDuration({ route }) });

function generate(...slos: ObjectiveSpec[]): string {
  const runsOn = cloudRun({ service: 'api', location: 'l' });
  const specs = [
    service('api', { owner: 'o', slos, runsOn, traffic: { quietestHour: 600 } }),
    service('quiet', { owner: 'o', slos: [], runsOn }),
  ];
  return toK6Thresholds(compileServices(specs, { project: 'p', nameSuffix: '' }).catalogue);
}

async function load(...slos: ObjectiveSpec[]) {
  const source = stripTypeScriptTypes(generate(...slos));
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

test('availability becomes a rate of failed requests, latency a percentile in milliseconds', async () => {
  const { thresholds } = await load(available, fast('latency', '/records'));
  assert.deepEqual(thresholds.api, {
    http_req_failed: ['rate<=0.001'],
    'http_req_duration{route:/records}': ['p(99)<200'],
  });
});

test('objectives carry goal, metric and what proves them, and threshold and routes where there are some', async () => {
  const routes = (...names: string[]) => histogram('http.server.request.duration', { 'http.route': names });
  const many = latency({ id: 'many-routes', goal: 0.95, under: '1s', period, why, sli: routes('/a', '/b') });
  const rows = ratio('rows', { bad: { outcome: 'failed' } });
  const { objectives, thresholds } = await load(
    available,
    fast('one', '/records'),
    many,
    latency({ id: 'others', goal: 0.99, under: '1s', period, why, sli: except('/health') }),
    availability({ id: 'rows', goal: 0.999, period, why, sli: rows }),
  );
  const [surest, sure] = [
    { kind: 'availability', goal: 0.999, eventsToProve: 2995 },
    { kind: 'latency', goal: 0.99, eventsToProve: 299 },
  ];
  assert.deepEqual(objectives.api, {
    availability: { ...surest, metric: 'slo_availability', routes: [] },
    one: { ...sure, thresholdMs: 200, metric: 'slo_one', routes: ['/records'] },
    'many-routes': {
      ...{ kind: 'latency', goal: 0.95, eventsToProve: 59 },
      ...{ thresholdMs: 1000, metric: 'slo_many_routes', routes: ['/a', '/b'] },
    },
    others: { ...sure, thresholdMs: 1000, metric: 'slo_others', routes: [] },
    rows: { ...surest, metric: 'slo_rows' },
  });
  assert.deepEqual(thresholds.api, {
    http_req_failed: ['rate<=0.001'],
    'http_req_duration{route:/records}': ['p(99)<200'],
    http_req_duration: ['p(95)<1000', 'p(99)<1000'],
  });
});

test('a route that k6 takes in no tag sets no threshold, and the source says so', async () => {
  const slos = [fast('comma', '/a,b'), fast('quoted', "/a'"), fast('plain', '/a:b')];
  const { thresholds, objectives } = await load(...slos);
  assert.deepEqual(thresholds.api, { 'http_req_duration{route:/a:b}': ['p(99)<200'] });
  assert.deepEqual(objectives.api.comma.routes, ['/a,b']);
  const lines = generate(...slos).match(/(?<=^ \* )api\/.*/gm);
  assert.deepEqual(
    lines,
    ['comma', 'quoted'].map(id => `api/${id} has none: k6 takes no tag with such a route.`),
  );
});

test('the quietest hour stands there for each service that says it', async () => {
  assert.deepEqual((await load(available)).quietestHour, { api: 600 });
});

test('latencies of Cloud Run, of a load balancer and of Cloud Monitoring itself share one metric', async () => {
  const common = { goal: 0.99, period, why } as const;
  const { thresholds } = await load(
    latency({ ...common, id: 'a', under: '100ms', sli: cloudRunLatencies() }),
    latency({ ...common, id: 'b', under: '300ms', sli: loadBalancerLatencies({ urlMap: 'front' }) }),
    latency({ ...common, id: 'c', goal: 0.999, under: '1s', sli: cloudRunBasic({ under: '1s' }) }),
  );
  assert.deepEqual(thresholds.api, { http_req_duration: ['p(99)<100', 'p(99)<300', 'p(99.9)<1000'] });
});

test('windows of time, and events that are no HTTP requests, set no threshold', async () => {
  const every = windows({ every: '1m', good: { ratioAtLeast: 0.99, of: cloudRunRequests() } });
  const { thresholds, objectives } = await load(
    availability({ goal: 0.999, period, why, sli: every }),
    availability({ id: 'rows', goal: 0.999, period, why, sli: ratio('rows', { bad: { outcome: 'failed' } }) }),
  );
  assert.deepEqual([thresholds, Object.keys(objectives.api)], [{}, ['availability', 'rows']]);
});

test('the source is as the formatter leaves it, long routes and quotes too', () => {
  const route = `/a/${'very-'.repeat(13)}long/route`;
  for (const text of [generate(available, fast("o'clock", route), fast('b', route)), generate()]) {
    const { stdout, status } = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['check', '--write', '--stdin-file-path=load-tests/thresholds.ts'],
      { cwd: root, input: text, encoding: 'utf8' },
    );
    assert.deepEqual([stdout, status], [text, 0]);
  }
});
