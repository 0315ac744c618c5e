import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Dashboard } from '@grafana/schema';
import { compileServices } from '../../slo/compile.ts';
import { everyForm } from '../../test/terraform/every-form.ts';
import { toGrafanaDashboards } from './dashboards.ts';

const root = join(import.meta.dirname, '../..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const OPTIONS = '--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2025 --types node'.split(
  ' ',
);
const RAW = '@grafana/schema/dist/esm/raw/composable';

/** What Grafana's types find wrong, a line each. They see the JSON as a literal: what Grafana does not know is an error too. */
function problemsOf(dashboards: readonly Dashboard[]): string[] {
  // Within the repository, for the types are found from there.
  mkdirSync(join(root, '.burnline'), { recursive: true });
  const folder = mkdtempSync(join(root, '.burnline/grafana-'));
  try {
    const file = join(folder, 'dashboards.ts');
    writeFileSync(file, toSource(dashboards));
    execFileSync(process.execPath, [compiler, ...OPTIONS, file], { encoding: 'utf8' });
    return [];
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    if (!stdout.includes('error TS')) throw error;
    return stdout.split('\n').filter(line => line !== '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toSource(dashboards: readonly Dashboard[]): string {
  const panels = dashboards.flatMap(({ panels: own = [] }) =>
    own.flatMap(panel => ('panels' in panel ? panel.panels : [panel])),
  );
  const optionsOf = (kind: string) => panels.filter(({ type }) => type === kind).map(({ options = {} }) => options);
  const queries = panels.flatMap(({ targets = [] }) => targets);
  return `
import type { Dashboard } from '@grafana/schema';
import type { CloudMonitoringQuery } from '${RAW}/googlecloudmonitoring/dataquery/x/GoogleCloudMonitoringDataQuery_types.gen';
import type { Options as Stat } from '${RAW}/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as Series } from '${RAW}/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// JSON has an enumeration's values, not its members; and what a panel's options leave out is Grafana's default.
type Plain<T> = T extends string ? \`\${T}\` : T extends readonly (infer I)[] ? Plain<I>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Some<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Some<T[K]> } : T;

export const dashboards: Plain<Dashboard>[] = ${JSON.stringify(dashboards)};
export const queries: Plain<CloudMonitoringQuery>[] = ${JSON.stringify(queries)};
export const stats: Some<Plain<Stat>>[] = ${JSON.stringify(optionsOf('stat'))};
export const series: Some<Plain<Series>>[] = ${JSON.stringify(optionsOf('timeseries'))};
`;
}

test('dashboards with every form of SLI fit the schema of Grafana and of its Cloud Monitoring data source', () => {
  const { catalogue } = compileServices(everyForm, { project: '$project', nameSuffix: '' });
  const dashboards = [...toGrafanaDashboards({ catalogue })].map(({ json }) => json as Dashboard);
  assert.deepEqual(problemsOf(dashboards), []);
});

test('the check finds a misspelt property, a missing one, and a value that an enumeration does not have', () => {
  const panel = { id: 1, type: 'stat', options: { graphMode: 'curve' }, targets: [{ queryType: 'slo' }] };
  const problems = problemsOf([
    { schemaVersion: 39, titel: 't' } as Dashboard,
    { panels: [panel] } as object as Dashboard,
  ]).join('\n');
  for (const found of [/"titel"' does not exist/, /'schemaVersion' is missing/, /'refId' is missing/, /"curve"/]) {
    assert.match(problems, found);
  }
});
