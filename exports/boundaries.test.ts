import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileServices } from '../slo/compile.ts';
import {
  type CauseAlert,
  cloudRunLatencies,
  distribution,
  histogram,
  latency,
  type ObjectiveSpec,
  objective,
  service,
  slowerThan,
  windows,
} from '../slo/index.ts';
import { toBoundaries } from './boundaries.ts';

const root = join(import.meta.dirname, '..');
const common = { goal: 0.99, period: '28d', why: 'Because.' } as const;
const cause = { id: 'c', title: 'Slow', why: 'Because.', for: '5m' } as const;

function generate({ slos = [], causes = [] }: { slos?: ObjectiveSpec[]; causes?: CauseAlert[] }): string {
  const specs = [service('api', { owner: 'o', slos, causes })];
  return toBoundaries(compileServices(specs, { project: 'p', nameSuffix: '' }).catalogue);
}

async function load(options: Parameters<typeof generate>[0]): Promise<Record<string, number[]>> {
  const source = stripTypeScriptTypes(generate(options));
  return (await import(`data:text/javascript,${encodeURIComponent(source)}`)).boundaries;
}

test('a threshold is a bound in the scale of seconds, with others around it', async () => {
  const found = await load({ slos: [latency({ ...common, under: '200ms', sli: histogram('d') })] });
  assert.deepEqual(found, { d: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.8, 1, 2, 2.5, 5, 10] });
});

test('thresholds of several SLOs, of windows and of percentile alerts come together', async () => {
  const cut = distribution({ of: histogram('d'), min: 3, max: 7 });
  const sli = windows({ every: '1m', good: { ratioAtLeast: 0.9, of: cut } });
  const found = await load({
    slos: [objective({ ...common, id: 'w', title: 'W', sli })],
    causes: [slowerThan('90s', { ...cause, of: histogram('d') })],
  });
  for (const bound of [3, 7, 90]) assert.ok(found.d?.includes(bound), `${bound}`);
});

test('in other units only what is around the thresholds is a bound', async () => {
  const size = histogram({ name: 'size', kind: 'histogram', unit: 'By' });
  const milliseconds = histogram({ name: 'ms', kind: 'histogram', unit: 'ms' });
  const found = await load({
    slos: [objective({ ...common, id: 's', title: 'S', sli: distribution({ of: size, max: 1000 }) })],
    causes: [slowerThan('200ms', { ...cause, of: milliseconds })],
  });
  assert.deepEqual(found, { ms: [50, 100, 200, 400, 800, 2000], size: [250, 500, 1000, 2000, 4000, 10000] });
});

test('there are at most 24 bounds, and where there are many thresholds those are the bounds', async () => {
  const under = (count: number) =>
    Array.from({ length: count }, (_, index) => `${100 + 10 * index}ms` as const).map((threshold, index) =>
      latency({ ...common, id: `l${index}`, under: threshold, sli: histogram('d') }),
    );
  for (const [count, length] of [
    [10, 24],
    [30, 30],
  ] as const) {
    const { d = [] } = await load({ slos: under(count) });
    assert.equal(d.length, length);
    for (let index = 0; index < count; index += 1) assert.ok(d.includes((100 + 10 * index) / 1000));
    assert.deepEqual(
      d,
      d.toSorted((a, b) => a - b),
    );
  }
});

test('histograms of Google and those with bounds of their own are left alone', async () => {
  const bounded = histogram('b', {}, { bounds: [1, 2] });
  const slos = [cloudRunLatencies(), bounded].map((sli, i) => latency({ ...common, id: `l${i}`, under: '1s', sli }));
  assert.deepEqual(await load({ slos }), {});
});

test('the source is as the formatter leaves it, long lists too', () => {
  const slos = [1, 3, 7, 11, 13, 17, 19].map(s =>
    latency({ ...common, id: `l${s}`, under: `${s}s`, sli: histogram('a.long.name') }),
  );
  for (const text of [generate({ slos }), generate({})]) {
    const { stdout, status } = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['check', '--write', '--stdin-file-path=telemetry/boundaries.ts'],
      { cwd: root, input: text, encoding: 'utf8' },
    );
    assert.deepEqual([stdout, status], [text, 0]);
  }
});
