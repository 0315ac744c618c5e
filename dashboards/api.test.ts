import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { compileAlerts } from '../alerts/compile.ts';
import { compileServices } from '../slo/compile.ts';
import { everyForm } from '../test/terraform/every-form.ts';
import { compileDashboards } from './compile.ts';

// Google's own description of the API, as its client carries it.
const protos = fileURLToPath(import.meta.resolve('@google-cloud/monitoring-dashboards/build/protos/protos.json'));
const api = protobuf.Root.fromJSON(JSON.parse(readFileSync(protos, 'utf8'))).resolveAll();
const dashboardType = api.lookupType('google.monitoring.dashboard.v1.Dashboard');

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'boolean',
  double: 'number',
  int32: 'number',
};

/** Where JSON is no message of a type, or says what the API leaves out of its answers, so that a plan would never be empty. */
function problemsOf(type: protobuf.Type, json: object, at: string): string[] {
  const fields = new Map(type.fieldsArray.map(field => [protobuf.util.camelCase(field.name), field]));
  const missing = [...fields].filter(
    ([name, field]) => field.options?.['(google.api.field_behavior)'] === 'REQUIRED' && !(name in json),
  );
  const clashing = type.oneofsArray.filter(
    ({ fieldsArray }) => fieldsArray.filter(({ name }) => protobuf.util.camelCase(name) in json).length > 1,
  );
  return [
    ...missing.map(([name]) => `${at} lacks ${name}`),
    ...clashing.map(({ name }) => `${at} has more than one ${name}`),
    ...Object.entries(json).flatMap(([name, value]) => {
      const field = fields.get(name);
      const where = `${at}.${name}`;
      if (!field) return [`${where} is no field of ${type.name}`];
      if (field instanceof protobuf.MapField) return Object.values(value).every(isText) ? [] : [`${where} is no text`];
      if (!field.repeated) return valueProblems(field, value, where);
      if (!Array.isArray(value)) return [`${where} is no list`];
      return value.flatMap((item, index) => valueProblems(field, item, `${where}[${index}]`));
    }),
  ];
}

const isText = (value: unknown) => typeof value === 'string';

function valueProblems({ type, resolvedType, repeated }: protobuf.Field, value: unknown, at: string): string[] {
  if (resolvedType instanceof protobuf.Enum) return String(value) in resolvedType.values ? [] : [`${at} is no ${type}`];
  if (resolvedType?.fullName === '.google.protobuf.Duration')
    return /^\d+s$/.test(`${value}`) ? [] : [`${at} is no time`];
  if (resolvedType) {
    return typeof value === 'object' && value ? problemsOf(resolvedType, value, at) : [`${at} is no ${type}`];
  }
  if (typeof value !== SCALARS[type]) return [`${at} is no ${type}`];
  return !repeated && [0, '', false].includes(value as string) ? [`${at} is what is left out`] : [];
}

test('dashboards with every form of SLI are what the Dashboards API takes, and how it answers', () => {
  const { catalogue } = compileServices(everyForm, { project: 'p', nameSuffix: '' });
  const dashboards = [...compileDashboards({ catalogue, policies: compileAlerts(catalogue).policies })];
  assert.ok(dashboards.length > 3);
  assert.deepEqual(
    dashboards.flatMap(dashboard => problemsOf(dashboardType, dashboard, dashboard.name)),
    [],
  );
});

test('the check finds what the API would refuse', () => {
  const widget = { text: { format: 'BOLD' }, xyChart: { dataSets: [{ minAlignmentPeriod: '1 min' }] } };
  const tiles = [{ xPos: 0, width: '4', widget }];
  assert.deepEqual(problemsOf(dashboardType, { title: 't', mosaicLayout: { columns: 48, tiles } }, 'd'), [
    'd lacks displayName',
    'd.title is no field of Dashboard',
    'd.mosaicLayout.tiles[0].xPos is what is left out',
    'd.mosaicLayout.tiles[0].width is no int32',
    'd.mosaicLayout.tiles[0].widget has more than one content',
    'd.mosaicLayout.tiles[0].widget.text.format is no Format',
    'd.mosaicLayout.tiles[0].widget.xyChart.dataSets[0] lacks timeSeriesQuery',
    'd.mosaicLayout.tiles[0].widget.xyChart.dataSets[0].minAlignmentPeriod is no time',
  ]);
});
