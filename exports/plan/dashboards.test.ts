import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dashboard, TileJson } from '../../slo/resources/dashboard.ts';
import { dashboardChanges } from './dashboards.ts';

const tile = (title: string, more: Partial<TileJson> = {}): TileJson => ({
  ...{ width: 12, height: 4, ...more },
  widget: { title, text: { content: title, format: 'MARKDOWN' } },
});
const dashboard = (tiles: readonly TileJson[], displayName = 'D'): Dashboard => ({
  ...{ name: 'projects/p/dashboards/d', displayName },
  mosaicLayout: { columns: 48, tiles },
});
const changes = (before: Dashboard, after: Dashboard) => dashboardChanges([before], [after]);

test('widgets come and go by their titles', () => {
  assert.deepEqual(changes(dashboard([tile('a'), tile('b')]), dashboard([tile('a'), tile('c')])), [
    { dashboard: 'd', added: ['c'], removed: ['b'], changed: 0 },
  ]);
  assert.deepEqual(changes(dashboard([tile('a')]), dashboard([tile('a')])), []);
});

test('a dashboard with the same widgets in another place, or with another title, has changed', () => {
  const changed = [{ dashboard: 'd', added: [], removed: [], changed: 0 }];
  assert.deepEqual(changes(dashboard([tile('a')]), dashboard([tile('a', { xPos: 12 })])), changed);
  assert.deepEqual(changes(dashboard([tile('a')]), dashboard([tile('a')], 'Other')), changed);
});
