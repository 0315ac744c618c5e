import { describeSeconds, describeShare } from '../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../slo/catalogue.ts';
import { describePeriod } from '../slo/period.ts';
import type { ScorecardThresholdJson, WidgetContents } from '../slo/resources/dashboard.ts';
import { NATIVE_WINDOW_SECONDS_MAX } from '../slo/tiers.ts';
import type { Placed } from './layout.ts';
import { dataSet, sloQuery } from './queries.ts';
import { scorecard, timeSeriesTable, xyChart } from './widgets.ts';

/** An SLO with its service, which says when deploys stop. */
export type Owned = { service: ServiceEntry; objective: ObjectiveEntry };

/** SLOs up to which each has widgets of its own. */
const OWN_WIDGETS_MAX = 5;
const LOW_BUDGET = 0.25;

/** Budget, burn and compliance of SLOs: each for itself, or where they are many in a few widgets for all. */
export function objectiveWidgets(owned: readonly Owned[]): Placed[] {
  if (owned.length <= OWN_WIDGETS_MAX) return owned.flatMap(ownWidgets);
  const title = ({ objective }: Owned) => objective.title;
  return [
    budgetTable('Budgets left', owned, title),
    burnChart('Burn rates over 1 h', owned, title),
    { widget: xyChart('Compliance', { dataSets: lines(owned, 'compliance', title) }), size: 'full' },
  ];
}

function ownWidgets(own: Owned): Placed[] {
  const { objective } = own;
  const { title, goal, period } = objective;
  const goalLine = { value: goal, label: `goal ${describeShare(goal)}` };
  const of = () => title;
  return [
    budgetCard(`Budget left: ${title}`, own),
    {
      widget: xyChart(`Budget over time: ${title}`, {
        ...{ dataSets: lines([own], 'budget_fraction', of), thresholds: [{ label: 'spent' }] },
      }),
      size: 'quarter',
    },
    {
      widget: xyChart(`Burn rate: ${title}`, burnAgainstTiers(objective)),
      size: 'quarter',
    },
    {
      widget: xyChart(`Compliance over ${describePeriod(period)}: ${title}`, {
        ...{ dataSets: lines([own], 'compliance', of), thresholds: [goalLine] },
      }),
      size: 'quarter',
    },
  ];
}

/** What is left of a budget: yellow where deploys stop, red where it is spent. */
export function budgetCard(title: string, { service, objective }: Owned): Placed {
  const thresholds = budgetColours(service.freeze?.below ?? LOW_BUDGET);
  const timeSeriesQuery = sloQuery(objective.name, 'budget_fraction');
  const sparkChartView = { sparkChartType: 'SPARK_LINE' } as const;
  return { widget: scorecard(title, { timeSeriesQuery, thresholds, sparkChartView }), size: 'quarter' };
}

/** The same for many, a row each. */
export function budgetTable(title: string, owned: readonly Owned[], name: (own: Owned) => string): Placed {
  const dataSets = owned.map(own => ({
    timeSeriesQuery: sloQuery(own.objective.name, 'budget_fraction'),
    ...{ tableTemplate: name(own), minAlignmentPeriod: '60s' },
  }));
  return { widget: timeSeriesTable(title, { dataSets, metricVisualization: 'NUMBER' }), size: 'half' };
}

/** The burn rates of many. */
export function burnChart(title: string, owned: readonly Owned[], name: (own: Owned) => string): Placed {
  const thresholds = [{ value: 1, label: 'spends the budget in one period' }];
  return { widget: xyChart(title, { dataSets: lines(owned, 'burn_rate', name), thresholds }), size: 'half' };
}

function lines(owned: readonly Owned[], of: Parameters<typeof sloQuery>[1], name: (own: Owned) => string) {
  return owned.map(own => dataSet(sloQuery(own.objective.name, of), name(own)));
}

/** The burn rate over the long window of each tier as far as its selector looks back, and where each of those fires. */
function burnAgainstTiers({ name, tiers }: ObjectiveEntry): WidgetContents['xyChart'] {
  const watched = tiers.filter(({ longSeconds }) => longSeconds <= NATIVE_WINDOW_SECONDS_MAX);
  const windows = watched.length > 0 ? new Set(watched.map(({ longSeconds }) => longSeconds)) : [3600];
  return {
    dataSets: [...windows].map(seconds => dataSet(sloQuery(name, 'burn_rate', seconds), describeSeconds(seconds))),
    thresholds: watched.map(({ name: tier, threshold, longSeconds }) => ({
      ...{ value: threshold, label: `${tier} over ${describeSeconds(longSeconds)}` },
    })),
  };
}

function budgetColours(low: number): ScorecardThresholdJson[] {
  // Below 0, which the API leaves out of its answers.
  const spent = { color: 'RED', direction: 'BELOW' } as const;
  return low > 0 ? [{ value: low, color: 'YELLOW', direction: 'BELOW' }, spent] : [spent];
}
