import { describeShare } from '../../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import { describePeriod } from '../../slo/period.ts';
import { dashboard, type Panel, type PlacedPanel, row, stat, timeSeries } from './panels.ts';
import { seriesPanel, sloTarget } from './targets.ts';

const ROW_HEIGHT = 8;
const COLUMNS = 24;
const FLEET_COLUMN_WIDTH = 6;

/**
 * Dashboards for Grafana's own Cloud Monitoring data source: one for each service, and the budgets of all of them. The catalogue is
 * one that was compiled for the project `$project`, a variable of the dashboards.
 */
export function* toGrafanaDashboards({
  catalogue,
}: {
  catalogue: Catalogue;
}): Generator<{ path: string; json: unknown }> {
  const { services } = catalogue;
  for (const service of services) yield { path: `${service.id}.json`, json: serviceDashboard(catalogue, service) };
  yield { path: 'fleet.json', json: fleetDashboard(services) };
}

function serviceDashboard({ target }: Catalogue, service: ServiceEntry) {
  const panels = service.objectives.flatMap((objective, index): PlacedPanel[] => {
    const y = index * (ROW_HEIGHT + 1);
    const title = `${objective.title}: ${describeShare(objective.goal)} over ${describePeriod(objective.period)}`;
    const [compliance, budget, burn] = sloPanels(service, objective);
    const series = seriesPanel(objective, target);
    const widths = series ? [4, 7, 7, 6] : [4, 10, 10];
    return [row(title, y), ...beside([compliance, budget, burn, ...(series ? [series] : [])], widths, y + 1)];
  });
  return dashboard({ id: service.id, title: service.title, panels });
}

function beside(panels: readonly Panel[], widths: readonly number[], y: number): PlacedPanel[] {
  let x = 0;
  return panels.map((panel, index) => {
    const w = widths[index] ?? 0;
    x += w;
    return { ...panel, gridPos: { x: x - w, y, w, h: ROW_HEIGHT } };
  });
}

function sloPanels(service: ServiceEntry, objective: ObjectiveEntry): [Panel, Panel, Panel] {
  const { goal, why, tiers } = objective;
  const target = (selectorName: Parameters<typeof sloTarget>[0]['selectorName']) =>
    sloTarget({ service, objective, selectorName });
  const pages = tiers.filter(({ severity, longSeconds }) => severity === 'page' && longSeconds === 3600);
  return [
    stat({
      title: 'Good events',
      description: why,
      unit: 'percentunit',
      targets: [target('select_slo_compliance')],
      greenFrom: goal,
    }),
    timeSeries({
      ...{ title: 'Error budget left', unit: 'percentunit', targets: [target('select_slo_budget_fraction')] },
      redBelow: 0,
    }),
    timeSeries({
      ...{ title: 'Burn rate over 1 h', unit: 'none', targets: [target('select_slo_burn_rate')] },
      ...(pages[0] && { redAbove: pages[0].threshold }),
    }),
  ];
}

function fleetDashboard(services: readonly ServiceEntry[]) {
  const perLine = COLUMNS / FLEET_COLUMN_WIDTH;
  const panels = services.map((service, index): PlacedPanel => {
    const targets = service.objectives.map((objective, at) =>
      sloTarget({ service, objective, selectorName: 'select_slo_budget_fraction', refId: `S${at + 1}` }),
    );
    const panel = stat({
      title: service.title,
      description: `Error budgets left. Owner: ${service.owner}`,
      unit: 'percentunit',
      targets,
      greenFrom: 0,
    });
    const [x, y] = [(index % perLine) * FLEET_COLUMN_WIDTH, Math.floor(index / perLine) * ROW_HEIGHT];
    return { ...panel, gridPos: { x, y, w: FLEET_COLUMN_WIDTH, h: ROW_HEIGHT } };
  });
  return dashboard({ id: 'fleet', title: 'All services', panels });
}
