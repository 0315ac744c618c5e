import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesIdentity } from '../model.ts';
import type { Head } from './registry.ts';
import { createTold } from './told.ts';

function identity(labels: Record<string, string>, instance = 'a'): SeriesIdentity {
  return {
    metric: { type: 'm', labels },
    resource: { type: 'prometheus_target', labels: { instance } },
    metricKind: 'GAUGE',
    valueType: 'DOUBLE',
  };
}

function head(id: number): Head {
  const series = { id, ...identity({}) };
  return { series, points: [], packed: 0, newestMs: 0, isLoaded: true };
}

test('a series is found as it was told: by the same labels of metric and resource, in the same order', () => {
  const told = createTold<Head>(10);
  const one = head(1);
  told.keep(identity({ a: '1', b: '2' }), one);
  assert.equal(told.find(identity({ a: '1', b: '2' })), one);
  const others = [identity({ b: '2', a: '1' }), identity({ a: '1' }), identity({ a: '1', b: '2' }, 'b')];
  assert.deepEqual(others.map(told.find), [undefined, undefined, undefined]);
});

test('two of one resource are two, and so are one of two resources', () => {
  const told = createTold<Head>(10);
  const { resource } = identity({});
  const all = [identity({ a: '1' }), { ...identity({ a: '2' }), resource }, { ...identity({ a: '3' }), resource }];
  const heads = all.map((series, index) => {
    assert.equal(told.find(series), undefined);
    told.keep(series, head(index));
    return told.find(series);
  });
  assert.deepEqual(
    heads.map(found => found?.series.id),
    [0, 1, 2],
  );
  assert.deepEqual(
    all.map(series => told.find(series)?.series.id),
    [0, 1, 2],
  );
});

test('no more are kept than it may, and it goes on with the newest', () => {
  const told = createTold<Head>(3);
  const all = Array.from({ length: 8 }, (_, index) => identity({ a: String(index) }, `i${index % 2}`));
  for (const [index, series] of all.entries()) told.keep(series, head(index));
  const found = all.flatMap(series => told.find(series)?.series.id ?? []);
  assert.deepEqual(found, [6, 7]);
  told.clear();
  assert.equal(told.find(all[7] as SeriesIdentity), undefined);
});
