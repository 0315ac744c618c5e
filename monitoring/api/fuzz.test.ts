import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createManualClock } from '../../base/clock.ts';
import { randomId } from '../../base/ids.ts';
import { openIncidentLog } from '../incidents/log.ts';
import { openResources } from '../resources/resources.ts';
import { createApi } from './api.ts';
import { toFailure } from './failure.ts';
import { loadMessages } from './messages/types.ts';
import { createRouter } from './router.ts';
import { createMemoryStore, NOW_MS, startMonitoring } from './testing.ts';

const RUNS = 10_000;

const clock = createManualClock(NOW_MS);
const store = createMemoryStore();
const resources = openResources({ path: ':memory:', clock });
const server = await startMonitoring({ store, resources });
after(() => server[Symbol.asyncDispose]());

/** The API without HTTP, which takes most of the time of a small request. */
const { routes } = createApi({
  ...{ project: 'local', store, resources, clock, newId: randomId, findMessage: loadMessages() },
  ...{ evaluator: server.evaluator, incidents: openIncidentLog({ path: ':memory:', clock }) },
});
const find = createRouter(routes, 'local');

const resource = { type: 'global', labels: {} };
const time = new Date(NOW_MS).toISOString();
await server.ask('POST', '/v3/projects/local/timeSeries', {
  timeSeries: ['a'.repeat(200), 'b\n'.repeat(100), '', '5xx'].map(code => ({
    ...{ metric: { type: 'custom.googleapis.com/a', labels: { code } }, resource },
    points: [{ interval: { endTime: time }, value: { doubleValue: 1 } }],
  })),
});

/** Pieces of filters and of regular expressions, so that many are nearly right. */
const WORDS = [
  ...[
    'metric.type',
    'resource.type',
    'metric.labels.code',
    'resource.labels."a.b"',
    'project',
    'state',
    'metric.labels.constructor',
    'resource.labels.__proto__',
    'toString.length',
    'group.id',
  ],
  ...['=', '!=', ':', '>=', '(', ')', ',', '.', '-', ' AND ', ' OR ', ' NOT ', 'one_of(', 'starts_with(', 'ends_with('],
  ...[
    'has_substring(',
    'monitoring.regex.full_match(',
    '"custom.googleapis.com/a"',
    '"global"',
    "'x'",
    '"\\""',
    '"',
    '\\',
  ],
  ...['select_slo_burn_rate("', 'select_slo_health(', '3600s', '1', '-1.5', 'true', 'é', '\u{1f600}', '\n'],
];
const piece = fc.constantFrom(...WORDS);
const PATTERNS = [
  'a',
  'x*',
  '(a+)+',
  '(a|aa)*',
  '.*',
  '{1000}',
  '{9}',
  '(?:',
  '(',
  ')',
  '[a-',
  ']',
  '\\1',
  '(?=',
  '\\pL',
  '^',
  '$',
  '|',
  '?',
  '+',
  '(?i)',
];
const pattern = fc.array(fc.constantFrom(...PATTERNS), { maxLength: 12 }).map(parts => parts.join(''));
const filters = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map(parts => parts.join('')),
  pattern.map(
    text =>
      `metric.type="custom.googleapis.com/a" metric.labels.code=monitoring.regex.full_match(${JSON.stringify(text)})`,
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.nat({ max: 3000 }).map(depth => '('.repeat(depth)),
  fc.nat({ max: 700 }).map(depth => `${'NOT '.repeat(depth)}project="a"`),
);

const interval = { 'interval.startTime': new Date(NOW_MS - 60_000).toISOString(), 'interval.endTime': time };
const LISTS = ['timeSeries', 'metricDescriptors', 'services', 'alerts', 'monitoredResourceDescriptors'];
// Every other one is asked for time series, which do the most with it.
const lists = fc.nat({ max: 7 }).map(pick => LISTS[Math.max(0, pick - 3)] as string);

test(`${RUNS} filters get an answer or are refused, and none holds up the process`, () => {
  const codes = new Map<number, number>();
  const ask = (list: string, filter: string): number => {
    try {
      const { route, params } = find('GET', `/v3/projects/local/${list}`);
      route.handle({ params, query: new URLSearchParams({ ...interval, filter }), body: {} });
      return 200;
    } catch (error) {
      return toFailure(error).error.code;
    }
  };
  fc.assert(
    fc.property(filters, lists, (filter, list) => {
      const code = ask(list, filter);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      assert.ok(code === 200 || (code >= 400 && code < 500), `${code} for ${filter}`);
    }),
    { numRuns: RUNS },
  );
  // Both came to pass, and not one of them by chance.
  for (const code of [200, 400]) assert.ok((codes.get(code) ?? 0) > RUNS / 50, JSON.stringify([...codes]));
});

test('filters by HTTP get an answer or an error of Google’s shape', async () => {
  await fc.assert(
    fc.asyncProperty(filters, lists, async (filter, list) => {
      const query = new URLSearchParams({ ...interval, filter });
      const { status, body } = await server.ask('GET', `/v3/projects/local/${list}?${query}`);
      if (status !== 200) assert.equal((body.error as { code: number }).code, status);
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} for ${filter}`);
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(server.failures, []);
});

test('any JSON as a body is taken or refused', async () => {
  const keys = fc.constantFrom(
    'displayName',
    'conditions',
    'conditionThreshold',
    'filter',
    'userLabels',
    'goal',
    'enabled',
    '__proto__',
  );
  const { body } = fc.letrec(tie => ({
    body: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.dictionary(keys, tie('body'), { maxKeys: 4 }),
      fc.array(tie('body'), { maxLength: 3 }),
    ),
  }));
  const paths = [
    'alertPolicies',
    'services',
    'timeSeries',
    'notificationChannels',
    'uptimeCheckConfigs',
    'groups',
    'metricDescriptors',
  ];
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(...paths), async (json, path) => {
      const { status } = await server.ask('POST', `/v3/projects/local/${path}`, json);
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} for ${path} ${JSON.stringify(json)}`);
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(server.failures, []);
});
