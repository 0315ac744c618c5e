import type { AggregationJson } from './alerting.ts';

/** Exactly one of several fields, as a `oneof` of the API has it. */
type OneOf<Fields> = {
  [Field in keyof Fields]: Pick<Fields, Field> & { [Other in Exclude<keyof Fields, Field>]?: never };
}[keyof Fields];

/** Which of many series are shown. */
export type PickTimeSeriesFilterJson = {
  rankingMethod: 'METHOD_MEAN' | 'METHOD_MAX' | 'METHOD_MIN' | 'METHOD_SUM' | 'METHOD_LATEST';
  numTimeSeries: number;
  direction: 'TOP' | 'BOTTOM';
};
type RatioPartJson = { filter: string; aggregation?: AggregationJson };
type Picked = { secondaryAggregation?: AggregationJson; pickTimeSeriesFilter?: PickTimeSeriesFilterJson };

/** Where series come from. The API's own query language is retired, and is none of them. */
export type TimeSeriesQueryJson = { unitOverride?: string; outputFullDuration?: boolean } & OneOf<{
  timeSeriesFilter: RatioPartJson & Picked;
  timeSeriesFilterRatio: { numerator: RatioPartJson; denominator: RatioPartJson } & Picked;
  prometheusQuery: string;
}>;

/** A line across a chart. A value of 0 is left out, as the API leaves it out. */
export type ChartThresholdJson = { label?: string; value?: number; targetAxis?: 'Y1' | 'Y2' };
/** Where the number of a scorecard changes its colour. */
export type ScorecardThresholdJson = {
  label?: string;
  value?: number;
  color: 'YELLOW' | 'RED';
  direction: 'ABOVE' | 'BELOW';
};

/** Series of a chart. */
export type DataSetJson = {
  timeSeriesQuery: TimeSeriesQueryJson;
  plotType?: 'LINE' | 'STACKED_AREA' | 'STACKED_BAR' | 'HEATMAP';
  legendTemplate?: string;
  minAlignmentPeriod?: string;
  targetAxis?: 'Y1' | 'Y2';
};
type AxisJson = { label?: string; scale?: 'LINEAR' | 'LOG10' };

type TextStyleJson = {
  /** `#RRGGBB` */
  backgroundColor?: string;
  textColor?: string;
  horizontalAlignment?: 'H_LEFT' | 'H_CENTER' | 'H_RIGHT';
  verticalAlignment?: 'V_TOP' | 'V_CENTER' | 'V_BOTTOM';
  padding?: 'P_EXTRA_SMALL' | 'P_SMALL' | 'P_MEDIUM' | 'P_LARGE' | 'P_EXTRA_LARGE';
  fontSize?: 'FS_EXTRA_SMALL' | 'FS_SMALL' | 'FS_MEDIUM' | 'FS_LARGE' | 'FS_EXTRA_LARGE';
  pointerLocation?: `PL_${'TOP' | 'RIGHT' | 'BOTTOM' | 'LEFT'}${'' | '_LEFT' | '_RIGHT' | '_TOP' | '_BOTTOM'}`;
};

/** What each kind of widget holds. */
export type WidgetContents = {
  xyChart: {
    dataSets: readonly DataSetJson[];
    thresholds?: readonly ChartThresholdJson[];
    timeshiftDuration?: string;
    xAxis?: AxisJson;
    yAxis?: AxisJson;
    y2Axis?: AxisJson;
    chartOptions?: { mode: 'COLOR' | 'X_RAY' | 'STATS' };
  };
  scorecard: { timeSeriesQuery: TimeSeriesQueryJson; thresholds?: readonly ScorecardThresholdJson[] } & (
    | { gaugeView: { lowerBound?: number; upperBound?: number }; sparkChartView?: never; blankView?: never }
    | {
        sparkChartView: { sparkChartType: 'SPARK_LINE' | 'SPARK_BAR'; minAlignmentPeriod?: string };
        gaugeView?: never;
        blankView?: never;
      }
    | { blankView?: Record<string, never>; gaugeView?: never; sparkChartView?: never }
  );
  text: { content: string; format: 'MARKDOWN' | 'RAW'; style?: TextStyleJson };
  blank: Record<string, never>;
  /** The whole name of an alert policy. */
  alertChart: { name: string };
  timeSeriesTable: {
    dataSets: readonly { timeSeriesQuery: TimeSeriesQueryJson; tableTemplate?: string; minAlignmentPeriod?: string }[];
    metricVisualization?: 'NUMBER' | 'BAR';
    columnSettings?: readonly { column: string; visible: boolean }[];
  };
  /** Its members are the tiles that lie inside its own. */
  collapsibleGroup: { collapsed?: boolean };
  logsPanel: { filter: string; resourceNames?: readonly string[] };
  incidentList: {
    monitoredResources?: readonly { type: string; labels?: Readonly<Record<string, string>> }[];
    /** Without the project: `alertPolicies/a`. */
    policyNames?: readonly string[];
  };
  pieChart: {
    dataSets: readonly {
      timeSeriesQuery: TimeSeriesQueryJson;
      sliceNameTemplate?: string;
      minAlignmentPeriod?: string;
    }[];
    chartType: 'PIE' | 'DONUT';
    showLabels?: boolean;
  };
  errorReportingPanel: {
    projectNames: readonly string[];
    services?: readonly string[];
    versions?: readonly string[];
  };
  sectionHeader: { subtitle?: string; dividerBelow?: boolean };
  /** Its members are the tiles that lie inside its own, and one of them is shown. */
  singleViewGroup: Record<string, never>;
};

/** A widget of a dashboard, of exactly one kind. */
export type WidgetJson = { title?: string; id?: string } & OneOf<WidgetContents>;

/** A widget and its place, in blocks of the grid. A position of 0 is left out, as the API leaves it out. */
export type TileJson = { xPos?: number; yPos?: number; width: number; height: number; widget: WidgetJson };

/** A filter that whoever looks at a dashboard may set for all of it. */
export type DashboardFilterJson = {
  labelKey: string;
  templateVariable?: string;
  stringValue?: string;
  filterType: 'RESOURCE_LABEL' | 'METRIC_LABEL' | 'USER_METADATA_LABEL' | 'SYSTEM_METADATA_LABEL' | 'GROUP';
};

/** A dashboard of the Dashboards API v1, in its REST JSON. */
export type Dashboard = {
  /** `projects/p/dashboards/d` */
  name: string;
  displayName: string;
  labels?: Readonly<Record<string, string>>;
  dashboardFilters?: readonly DashboardFilterJson[];
  mosaicLayout: { columns: 48; tiles: readonly TileJson[] };
};
