import { GENERATED } from '../file.ts';

/** Which data source a panel or variable asks: the one that is chosen at the top of the dashboard. */
const DATASOURCE = { type: 'stackdriver', uid: `\${datasource}` };

// Grafana's own; it brings older ones up to date by itself.
const SCHEMA_VERSION = 39;
const UID_LENGTH_MAX = 40;

type Steps = readonly { color: string; value: number | null }[];

/** A panel without its place. */
export type Panel = Readonly<Record<string, unknown>>;
/** A panel on Grafana's grid of 24 columns. */
export type PlacedPanel = Panel & { gridPos: { x: number; y: number; w: number; h: number } };

type Content = { title: string; description?: string; unit: string; targets: readonly object[] };

/** The last value as a number, red below a limit. */
export function stat({ greenFrom, ...content }: Content & { greenFrom: number }): Panel {
  const steps = [
    { color: 'red', value: null },
    { color: 'green', value: greenFrom },
  ];
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
  return {
    ...panel('stat', content, { steps, decimals: 2 }),
    options: { reduceOptions, colorMode: 'value', graphMode: 'none', textMode: 'value_and_name' },
  };
}

/** Values over time, with a line at a limit where there is one. */
export function timeSeries({
  redAbove,
  redBelow,
  ...content
}: Content & { redAbove?: number; redBelow?: number }): Panel {
  const steps: Steps =
    redBelow === undefined
      ? [{ color: 'green', value: null }, ...(redAbove === undefined ? [] : [{ color: 'red', value: redAbove }])]
      : [
          { color: 'red', value: null },
          { color: 'green', value: redBelow },
        ];
  const hasLimit = redAbove !== undefined || redBelow !== undefined;
  return {
    ...panel('timeseries', content, { steps, custom: { thresholdsStyle: { mode: hasLimit ? 'line' : 'off' } } }),
    options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi' } },
  };
}

function panel(
  type: string,
  { title, description, unit, targets }: Content,
  { steps, ...defaults }: { steps: Steps; decimals?: number; custom?: object },
) {
  return {
    ...{ type, title, ...(description !== undefined && { description }), datasource: DATASOURCE },
    targets: targets.map(target => ({ datasource: DATASOURCE, ...target })),
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps }, ...defaults }, overrides: [] },
  };
}

/** A heading over the panels that follow. */
export function row(title: string, y: number): PlacedPanel {
  return { type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } };
}

/** A dashboard with variables for its data source and project. */
export function dashboard({ id, title, panels }: { id: string; title: string; panels: readonly PlacedPanel[] }) {
  const uid = `burnline-${id}`;
  return {
    // Cut, two could be one: Grafana gives a longer one its own.
    ...(uid.length <= UID_LENGTH_MAX && { uid }),
    title,
    description: GENERATED,
    tags: ['burnline', 'slo'],
    ...{
      schemaVersion: SCHEMA_VERSION,
      editable: false,
      refresh: '1m',
      time: { from: 'now-24h', to: 'now' },
      timezone: '',
    },
    templating: { list: [DATASOURCE_VARIABLE, PROJECT_VARIABLE] },
    panels: panels.map((each, index) => ({ id: index + 1, ...each })),
  };
}

const DATASOURCE_VARIABLE = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'stackdriver' };
const PROJECT_VARIABLE = {
  ...{ name: 'project', label: 'Project', type: 'query', datasource: DATASOURCE, refresh: 1 },
  query: { refId: 'CloudMonitoringVariableQueryEditor-VariableQuery', selectedQueryType: 'projects' },
};
