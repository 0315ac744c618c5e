import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileAlerts } from '../../alerts/compile.ts';
import type { Duration } from '../../base/durations.ts';
import { compileServices } from '../compile.ts';
import {
  type AlertChoice,
  above,
  absent,
  availability,
  burnRateAlerts,
  cloudRunLatencies,
  counter,
  email,
  gauge,
  histogram,
  httpServerDuration,
  type Latencies,
  latency,
  type Matches,
  moreThan,
  noAlerts,
  objective,
  pubsubHealth,
  type RatioSli,
  ratio,
  service,
  slowerThan,
  uptimeCheck,
  uptimePassed,
  windows,
} from '../index.ts';
import { detectionSeconds } from '../maths.ts';
import type { ServiceOptions, ServiceSpec } from '../service.ts';
import { hasErrors, lint } from './lint.ts';
import type { LintCode } from './table.ts';

const sli = ratio('reads', { bad: { ok: 'false' } });
const why = 'Because.';
const about = { owner: 'team', runbook: 'https://example.com/runbook', traffic: { quietestHour: 1e6 } };
const api = (options: Partial<ServiceOptions>) => service('api', { ...about, slos: [], ...options });
const slo = (options: { goal?: number; period?: `${number}d`; alerts?: AlertChoice; id?: string }) =>
  availability({ goal: 0.999, period: '28d', sli, why, ...options });
const tier = (long: `${number}h`, share: number) =>
  burnRateAlerts({ tiers: [{ name: 'page', severity: 'page', long, share }] });

function findingsOf(specs: ServiceSpec | ServiceSpec[], { exists = false, areBoundsGenerated = true } = {}) {
  const compiled = compileServices([specs].flat(), { project: 'p', nameSuffix: '' });
  return lint(compiled, { runbookExists: () => exists, areBoundsGenerated });
}
const messagesOf = (spec: ServiceSpec | ServiceSpec[], code: LintCode) =>
  findingsOf(spec).flatMap(finding => (finding.code === code ? [finding.message] : []));

test('never-fires fires exactly for the tiers that do not notice a total outage', () => {
  const goals = fc.double({ min: 0.01, max: 0.9999, noNaN: true });
  const shares = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(goals, fc.integer({ min: 1, max: 30 }), shares, (goal, days, share) => {
      const spec = api({ slos: [slo({ goal, period: `${days}d`, alerts: tier('1h', share) })] });
      const threshold = share * days * 24;
      const noticed = detectionSeconds({ errorRatio: 1, goal, threshold, longSeconds: 3600 });
      assert.equal(messagesOf(spec, 'never-fires').length, noticed === undefined ? 1 : 0);
    }),
  );
});

test('never-fires tells the numbers of the reference: 14.4 × 10 % is 144 %', () => {
  const [message = ''] = messagesOf(
    api({ slos: [slo({ goal: 0.9, period: '30d', alerts: tier('1h', 0.02) })] }),
    'never-fires',
  );
  assert.match(message, /^tier page fires above 144 % of bad events \(burn 14\.4 × budget 10 %\)/);
});

test('the events that the standard tiers need at 99.9 % over 28 days are 75, 179, 358 and 1,000', () => {
  const needed = messagesOf(api({ traffic: { quietestHour: 1 }, slos: [slo({})] }), 'traffic-too-low');
  assert.deepEqual(
    needed.map(message => /hold (\d+) events .* takes (\d+)$/.exec(message)?.slice(1).map(Number)),
    [
      [1, 75],
      [6, 179],
      [24, 358],
      [72, 1000],
    ],
  );
});

test('enough events in the longer windows leave the short ones to fire for one failure', () => {
  const spec = api({ traffic: { quietestHour: 40 }, slos: [slo({})] });
  assert.deepEqual(
    messagesOf(spec, 'traffic-too-low').map(message => message.split(' ')[1]),
    ['page-fast'],
  );
});

test('never-fires fires where no window holds more events than the least number of bad ones', () => {
  const alerts = (badEventsAbove: number) => burnRateAlerts({ badEventsAbove });
  const never = (quietestHour: number, badEventsAbove: number) =>
    messagesOf(api({ traffic: { quietestHour }, slos: [slo({ alerts: alerts(badEventsAbove) })] }), 'never-fires');
  assert.deepEqual(never(4, 10), [
    'tier page-fast never fires: its 1 h hold 4 events at the pace of the quietest hour, and it takes more than 10 bad ones (badEventsAbove)',
  ]);
  assert.deepEqual([never(4, 4).length, never(4, 3), never(0, 3)], [1, [], []]);
  const health = windows({ every: '5m', good: { anyTrue: pubsubHealth('s', 'ack_latency') } });
  const ofWindows = (badEventsAbove: number) => {
    const windowed = objective({ id: 'w', title: 'W', goal: 0.995, period: '28d', why, sli: health });
    return messagesOf(api({ slos: [{ ...windowed, alerts: alerts(badEventsAbove) }] }), 'never-fires');
  };
  assert.deepEqual(ofWindows(12), [
    'tier page-fast never fires: its 1 h hold 12 windows, and it takes more than 12 bad ones (badEventsAbove)',
  ]);
  assert.deepEqual(ofWindows(11), []);
});

test('a least number of bad events keeps one failure alone from firing, whether traffic is said or not', () => {
  const slos = [slo({})];
  for (const traffic of [{ traffic: { quietestHour: 2 } }, {}]) {
    const spec = service('api', {
      owner: 'team',
      runbook: 'https://x',
      slos,
      ...traffic,
      alerts: burnRateAlerts({ badEventsAbove: 1 }),
    });
    assert.deepEqual(findingsOf(spec), []);
  }
});

test('an SLI of windows counts its windows as events, whatever the traffic', () => {
  const every = (window: '1m' | '5m') =>
    windows({ every: window, good: { anyTrue: pubsubHealth('s', 'ack_latency') } });
  const spec = (window: '1m' | '5m') =>
    api({
      traffic: { quietestHour: 0 },
      slos: [objective({ id: 'health', title: 'Health', goal: 0.995, period: '28d', why, sli: every(window) })],
    });
  assert.deepEqual(messagesOf(spec('1m'), 'traffic-too-low'), []);
  assert.match(messagesOf(spec('5m'), 'traffic-too-low')[0] ?? '', /hold 12 windows, and it takes 15$/);
});

test('a short window holds a whole window of the SLI', () => {
  const health = windows({ every: '10m', good: { anyTrue: pubsubHealth('s', 'ack_latency') } });
  const spec = api({
    slos: [objective({ id: 'health', title: 'Health', goal: 0.9, period: '28d', why, sli: health })],
  });
  assert.match(
    messagesOf(spec, 'short-window-samples')[0] ?? '',
    /page-fast has a short window of 5 min, and a window of the SLI takes 10 min/,
  );
});

test('dependencies count in series, and only those that are waited for', () => {
  const dependsOn = [
    { service: 'Pub/Sub', promises: 0.9995, synchronous: true },
    { service: 'Cloud Run', promises: 0.9995, synchronous: true },
    { service: 'BigQuery', promises: 0.9999, synchronous: true },
  ];
  const messages = (list: typeof dependsOn) =>
    messagesOf(api({ slos: [slo({})], dependsOn: list }), 'goal-above-dependencies');
  assert.match(messages(dependsOn)[0] ?? '', /the goal is 99\.9 %, and .* × .* × BigQuery 99\.99 % is 99\.89 %$/);
  assert.deepEqual(messages(dependsOn.map((each, index) => ({ ...each, synchronous: index > 0 }))), []);
  assert.match(
    messages(dependsOn.map(each => ({ ...each, promises: 0.99, synchronous: each.service === 'Pub/Sub' })))[0] ?? '',
    /Pub\/Sub 99 % is all that it can be$/,
  );
});

test('a threshold by hand is told with the one that spends the same share in this period', () => {
  const tiers = [{ name: 'page', severity: 'page', long: '1h', threshold: 14.4, for: '30d' }] as const;
  const [message] = messagesOf(
    api({ slos: [slo({ alerts: burnRateAlerts({ tiers }) })] }),
    'threshold-for-another-period',
  );
  assert.match(message ?? '', /has the threshold 14\.4 for 30 d, and over 28 d the same share is 13\.44$/);
});

test('standard tiers over a calendar are judged by its shortest length', () => {
  const calendar = availability({ goal: 0.999, calendar: 'month', sli, why });
  assert.deepEqual(findingsOf(api({ slos: [calendar] })), []);
});

test('an SLO without tiers is in order where a cause alert watches its metric', () => {
  const slos = [slo({ alerts: noAlerts })];
  const watch = (name: string) => [moreThan(5, { id: 'errors', title: 'Errors', of: counter(name), in: '10m', why })];
  assert.deepEqual(findingsOf(api({ slos, causes: watch('reads') })), []);
  assert.deepEqual(
    findingsOf(api({ slos, causes: watch('writes') })).map(({ code }) => code),
    ['no-alert'],
  );
});

test('unknown bounds are a warning as long as nothing is PromQL, and an error where something is', () => {
  const spec = (alerts: AlertChoice) =>
    api({ slos: [latency({ goal: 0.99, period: '28d', under: '200ms', sli: cloudRunLatencies(), why })], alerts });
  const pages = [
    { name: 'fast', severity: 'page', long: '1h', share: 0.02 },
    { name: 'slow', severity: 'page', long: '6h', share: 0.05 },
  ] as const;
  const codes = (alerts: AlertChoice) => findingsOf(spec(alerts)).map(({ code }) => code);
  assert.deepEqual(codes(burnRateAlerts({ tiers: pages })), ['bounds-unknown']);
  assert.deepEqual(codes(burnRateAlerts({ tiers: pages, onePage: true })), ['bucket-needed']);
  assert.deepEqual(codes(burnRateAlerts({ tiers: pages, badEventsAbove: 3 })), ['bucket-needed']);
  assert.ok(!hasErrors(findingsOf(spec(burnRateAlerts({ tiers: pages })))));
  assert.ok(hasErrors(findingsOf(spec(burnRateAlerts()))));
});

test('where no boundaries are generated, an HTTP duration has the bounds of the conventions, and other histograms have unknown ones', () => {
  const codes = (of: Latencies, under: `${number}ms`, alerts = burnRateAlerts()) => {
    const spec = api({ slos: [latency({ goal: 0.99, period: '28d', under, sli: of, why })], alerts });
    assert.deepEqual(findingsOf(spec), []);
    return findingsOf(spec, { areBoundsGenerated: false }).map(({ code }) => code);
  };
  const native = tier('1h', 0.02);
  assert.deepEqual(codes(httpServerDuration(), '250ms'), []);
  assert.deepEqual(codes(httpServerDuration(), '300ms'), ['bucket-needed']);
  assert.deepEqual(codes(httpServerDuration(), '300ms', native), ['bounds-unknown']);
  assert.deepEqual(codes(histogram('job.duration'), '250ms'), ['bucket-needed']);
  assert.deepEqual(codes(histogram('job.duration', {}, { bounds: [0.1, 0.25] }), '250ms'), []);
});

test('a runbook is looked for once where the whole service has it, and where an objective has another', () => {
  const outside = availability({ id: 'outside', goal: 0.999, period: '28d', sli, why, runbook: 'b.md' });
  const spec = api({ runbook: 'a.md', slos: [slo({}), outside] });
  assert.deepEqual(
    findingsOf(spec).map(({ slo: id, message }) => [id, message]),
    [
      [undefined, 'the runbook alerts/a.md is not there'],
      ['outside', 'the runbook alerts/b.md is not there'],
    ],
  );
  assert.deepEqual(findingsOf(spec, { exists: true }), []);
});

test('names are taken by what alerts are called, across services too', () => {
  const one = (id: string, slos: ServiceOptions['slos'], alerts = burnRateAlerts()) =>
    service(id, { ...about, slos, alerts });
  assert.match(
    messagesOf(
      [one('records', [slo({ id: 'api-speed' })]), one('records-api', [slo({ id: 'speed' })])],
      'name-twice',
    )[0] ?? '',
    /alert records-api-speed-page-fast is taken by service records$/,
  );
  const joined = [one('a', [slo({}), slo({ id: 'other' })], burnRateAlerts({ onePage: true }))];
  assert.deepEqual(findingsOf(joined), []);
  const { catalogue } = compileServices(joined, { project: 'p', nameSuffix: '' });
  assert.ok(compileAlerts(catalogue).policies.some(({ name }) => name.endsWith('/a-other-page')));
});

test('an id begins and ends with a letter or digit, and has at most 63 characters', () => {
  const wrong = (id: string, sloId = 'a') =>
    messagesOf(service(id, { ...about, slos: [slo({ id: sloId })] }), 'id-not-possible').length;
  assert.deepEqual(
    ['-x-', 'x-', '-x', '', 'x_y', 'x'.repeat(64)].map(id => wrong(id)),
    [1, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(
    ['x', '1', 'a--b', 'x'.repeat(63)].map(id => wrong(id)),
    [0, 0, 0, 0],
  );
  assert.deepEqual(
    ['_a', 'a-', '_', 'A_b-9'].map(id => wrong('x', id)),
    [1, 1, 1, 0],
  );
});

test('a name is taken by the ticket on data that stays away, which is made for each series of an SLO', () => {
  const causes = (id: string) => [
    absent({ id, title: 'Orders stopped', severity: 'page', of: counter('orders'), for: '10m', why }),
  ];
  const spec = (id: string, alerts = burnRateAlerts()) => api({ slos: [slo({ alerts })], causes: causes(id) });
  assert.deepEqual(messagesOf(spec('availability-no-data'), 'name-twice'), [
    'the name alert api-availability-no-data is taken in this service already',
  ]);
  assert.deepEqual(messagesOf(spec('orders-no-data'), 'name-twice'), []);
  assert.deepEqual(
    messagesOf(spec('availability-no-data', burnRateAlerts({ absentAfter: 'never' })), 'name-twice'),
    [],
  );
});

test('a name is taken by one that differs in capitals, - and _ alone: variables, labels and OpenSLO know them as one', () => {
  const one = (id: string, ...slos: string[]) =>
    service(id, {
      ...about,
      slos: slos.map(slo => objective({ id: slo, title: slo, goal: 0.99, period: '28d', sli, why })),
    });
  assert.match(
    messagesOf(one('api', 'read-ok', 'read_ok'), 'name-twice').at(-1) ?? '',
    /^the name SLO api-read_ok is taken in this service already, as SLO api-read-ok$/,
  );
  assert.ok(messagesOf(one('api', 'Reads', 'reads'), 'name-twice').length > 0);
  const silent = (spec: ServiceSpec): ServiceSpec => ({ ...spec, alerts: noAlerts });
  assert.deepEqual(
    messagesOf([silent(one('records', 'api-latency')), silent(one('records-api', 'latency'))], 'name-twice'),
    ['the name SLO records-api-latency is taken by service records'],
  );
});

test('a channel and a check may be shared, and not be two of one id', () => {
  const spec = (id: string, address: string, host: string) =>
    service(id, {
      ...about,
      slos: [slo({})],
      notify: { page: [email('team', address)] },
      uptime: [uptimeCheck({ id: 'outside', host })],
    });
  assert.deepEqual(findingsOf([spec('a', 'x@example.com', 'a'), spec('b', 'x@example.com', 'a')]), []);
  assert.equal(messagesOf([spec('a', 'x@example.com', 'a'), spec('b', 'y@example.com', 'b')], 'name-twice').length, 2);
});

test('texts that just fit into the lints fit into the alerts', () => {
  const [title, serviceTitle] = ['t'.repeat(80), 's'.repeat(80)];
  const long = availability({ goal: 0.999, period: '28d', sli, title, why: 'ä'.repeat(3000) });
  const spec = api({ title: serviceTitle, slos: [long], alerts: burnRateAlerts({ onePage: true }) });
  assert.deepEqual(findingsOf(spec), []);
  const { policies } = compileAlerts(compileServices([spec], { project: 'p', nameSuffix: '' }).catalogue);
  for (const { documentation } of policies) {
    assert.ok(Buffer.byteLength(documentation.subject) <= 255, documentation.subject);
    assert.ok(documentation.content.length <= 8192 && Buffer.byteLength(documentation.content) <= 10_240);
  }
  assert.equal(messagesOf(api({ title: `${serviceTitle}s`, slos: [long] }), 'text-too-long').length, 1);
});

test('what cannot be a goal or a period is told once, and nothing of the tiers that follow from it', () => {
  for (const goal of [0, 1, -1, Number.NaN]) {
    assert.deepEqual(
      findingsOf(api({ slos: [slo({ goal })] })).map(({ code }) => code),
      ['goal-not-possible'],
    );
  }
  for (const period of ['0d', '31d', '1.5d'] as const) {
    assert.deepEqual(
      findingsOf(api({ slos: [slo({ period })] })).map(({ code }) => code),
      ['period-not-possible'],
    );
  }
});

test('findings come in the order of the lines', () => {
  const spec = api({ slos: [slo({ goal: 0 }), slo({ id: 'a b' })], labels: { A: 'a' } });
  const lines = findingsOf(spec).map(({ place }) => place.line);
  assert.ok(lines.length > 2);
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
});

test('a condition waits a minute at least: with none it cannot say what missing data means', () => {
  const waiting = (time: Duration) =>
    messagesOf(
      api({
        causes: [
          above(5, { id: 'deep', title: 'Deep', of: gauge('depth'), for: time, why }),
          slowerThan('1s', { id: 'slow', title: 'Slow', of: httpServerDuration(), for: time, why }),
        ],
      }),
      'time-not-possible',
    );
  assert.deepEqual(waiting('0s'), [
    'cause deep waits 0 ms, and must take whole minutes, from 1 min to 1 d',
    'cause slow waits 0 ms, and must take whole minutes, from 1 min to 1 d',
  ]);
  assert.deepEqual([waiting('90s').length, waiting('1m')], [2, []]);
});

test('both windows of a tier are whole seconds', () => {
  const windowed = (long: Duration, short?: Duration) => {
    const tiers = [{ name: 'page', severity: 'page', share: 0.02, long, ...(short && { short }) }] as const;
    return messagesOf(api({ slos: [slo({ alerts: burnRateAlerts({ tiers }) })] }), 'time-not-possible');
  };
  assert.deepEqual(windowed('2000s'), [
    'tier page has windows of 2000 s and 166.666666667 s, and must have whole seconds in both',
  ]);
  assert.deepEqual([windowed('1800.6s', '150s').length, windowed('2000s', '166s'), windowed('1h')], [1, [], []]);
});

test('an empty list of a label’s values is told of SLOs and causes', () => {
  const reads = (values: Matches[string]) => ratio('reads', { good: { ok: values } });
  const of = counter('jobs', { kind: [] });
  const spec = (values: Matches[string]) =>
    api({
      slos: [availability({ goal: 0.999, period: '28d', sli: reads(values), why })],
      causes: [moreThan(5, { id: 'jobs', title: 'Jobs', of, in: '10m', why })],
    });
  const cause =
    'cause jobs asks for prometheus.googleapis.com/jobs/counter by its label kind, and names no value of it';
  const empty = 'asks for prometheus.googleapis.com/reads/counter by its label ok, and names no value of it';
  for (const values of [[], { not: [] }]) {
    assert.deepEqual(messagesOf(spec(values), 'label-without-values'), [empty, cause]);
  }
  assert.deepEqual(messagesOf(spec(['true']), 'label-without-values'), [cause]);
});

test('the two parts of a ratio select different events', () => {
  const parts = (of: RatioSli) =>
    messagesOf(api({ slos: [availability({ goal: 0.999, period: '28d', sli: of, why })] }), 'ratio-parts');
  assert.deepEqual(parts(ratio('reads', { good: {} })), ['good and total select the same events']);
  assert.deepEqual(parts(ratio('reads', { bad: { ok: 'no' }, of: { ok: 'no' } })), [
    'bad and total select the same events',
  ]);
  assert.deepEqual(parts(ratio('reads', { good: { ok: 'yes' }, of: { path: '/' } })), []);
});

test('a threshold of no time is refused, of an SLO and of a cause', () => {
  const fast = (under: Duration) =>
    api({
      slos: [latency({ goal: 0.99, period: '28d', under, sli: httpServerDuration(), why })],
      causes: [slowerThan(under, { id: 'slow', title: 'Slow', of: httpServerDuration(), for: '5m', why })],
    });
  assert.deepEqual(messagesOf(fast('0ms'), 'out-of-range'), [
    'the threshold is 0 s, and must be above 0',
    'cause slow has a threshold of 0 s, and it must be above 0',
  ]);
  assert.deepEqual(messagesOf(fast('1ms'), 'out-of-range'), []);
});

test('no tier waits until more than the whole budget is spent, but for alertBelow', () => {
  const wide = (options: Parameters<typeof slo>[0]) => messagesOf(api({ slos: [slo(options)] }), 'out-of-range');
  assert.deepEqual(wide({ alerts: tier('1h', 2.5) }), [
    'tier page fires once 250 % of the budget is spent in 1 h, and there is no more than 100 %',
  ]);
  assert.deepEqual(wide({ period: '1d' }), [
    'tier ticket-long fires once 300 % of the budget is spent in 3 d, and there is no more than 100 %',
  ]);
  assert.deepEqual([wide({ period: '3d' }), wide({ alerts: tier('1h', 1) })], [[], []]);
  const below = availability({ goal: 0.999, period: '7d', alertBelow: 0.5, sli, why });
  assert.deepEqual(findingsOf(api({ slos: [below] })), []);
});

test('an empty path names no runbook', () => {
  for (const runbook of ['', ' ']) {
    assert.deepEqual(
      findingsOf(api({ slos: [slo({})], runbook })).map(({ code }) => code),
      ['no-runbook'],
    );
  }
});

test('an uptime check has a bare host and a path that begins with a slash', () => {
  const wrong = (host: string, path?: string) =>
    messagesOf(api({ uptime: [uptimeCheck({ id: 'outside', host, ...(path && { path }) })] }), 'uptime-address');
  assert.deepEqual(wrong('https://shop.example.com/', 'health'), [
    'uptime check outside has the host "https://shop.example.com/", which is no bare name',
    'uptime check outside has the path "health", which begins with no /',
  ]);
  assert.deepEqual([wrong('shop.example.com:8443').length, wrong('').length], [1, 1]);
  assert.deepEqual([wrong('shop.example.com'), wrong('shop-abc-ew.a.run.app', '/health?deep=1')], [[], []]);
});

test('what waits for an uptime check wants some service to list it', () => {
  const outside = uptimeCheck({ id: 'outside', host: 'shop.example.com' });
  const passed = uptimePassed(outside);
  const health = windows({ every: '1m', good: { anyTrue: passed } });
  const waiting = api({
    slos: [objective({ id: 'outside', title: 'Outside', goal: 0.99, period: '28d', sli: health, why })],
    causes: [absent({ id: 'silence', title: 'Silence', of: passed, for: '10m', why })],
  });
  assert.deepEqual(messagesOf(waiting, 'uptime-not-made'), [
    'waits for uptime check outside, and no service lists it',
    'cause silence waits for uptime check outside, and no service lists it',
  ]);
  const other = service('other', { ...about, slos: [], uptime: [outside] });
  assert.deepEqual(messagesOf([waiting, other], 'uptime-not-made'), []);
});

test('fixes may not stop before deploys do', () => {
  const frozen = (fixesBelow: number) =>
    messagesOf(api({ slos: [slo({})], freeze: { below: 0.1, fixesBelow } }), 'out-of-range');
  assert.deepEqual(frozen(0.2), ['freeze.fixesBelow is 0.2, and must be from 0 to freeze.below, which is 0.1']);
  assert.deepEqual([frozen(-0.1).length, frozen(0.1), frozen(0)], [1, [], []]);
});
