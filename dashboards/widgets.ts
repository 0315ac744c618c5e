import type { WidgetContents, WidgetJson } from '../slo/resources/dashboard.ts';

/** A widget that has a title; the plan knows it by that. */
export type TitledWidget = WidgetJson & { title: string };

/** Lines, areas or bars over time. */
export const xyChart = (title: string, xyChart: WidgetContents['xyChart']): TitledWidget => ({ title, xyChart });

/** The latest value, with colours by thresholds. */
export const scorecard = (title: string, scorecard: WidgetContents['scorecard']): TitledWidget => ({
  title,
  scorecard,
});

/** Markdown, unless its format is raw. */
export const text = (
  title: string,
  content: string,
  options: Partial<Omit<WidgetContents['text'], 'content'>> = {},
): TitledWidget => ({
  title,
  text: { content, format: 'MARKDOWN', ...options },
});

/** Nothing, where a place stays free. */
export const blank = (): WidgetJson => ({ blank: {} });

/** The chart of an alert policy, `projects/p/alertPolicies/a`, with its threshold. */
export const alertChart = (title: string, name: string): TitledWidget => ({ title, alertChart: { name } });

/** The latest value of each series, a row each. */
export const timeSeriesTable = (title: string, timeSeriesTable: WidgetContents['timeSeriesTable']): TitledWidget => ({
  title,
  timeSeriesTable,
});

/** A frame around the tiles that lie within its own, which folds. */
export const collapsibleGroup = (title: string, collapsed = false): TitledWidget => ({
  title,
  collapsibleGroup: { collapsed },
});

/** Log entries that match a filter. */
export const logsPanel = (title: string, logsPanel: WidgetContents['logsPanel']): TitledWidget => ({
  title,
  logsPanel,
});

/** Incidents of the policies named, or of all. */
export const incidentList = (title: string, incidentList: WidgetContents['incidentList'] = {}): TitledWidget => ({
  title,
  incidentList,
});

/** The latest values as parts of a whole. */
export const pieChart = (title: string, pieChart: WidgetContents['pieChart']): TitledWidget => ({ title, pieChart });

/** Groups of errors that Error Reporting has found. */
export const errorReportingPanel = (
  title: string,
  errorReportingPanel: WidgetContents['errorReportingPanel'],
): TitledWidget => ({
  title,
  errorReportingPanel,
});

/** A heading, which the table of contents lists. */
export const sectionHeader = (title: string, subtitle?: string): TitledWidget => ({
  title,
  sectionHeader: { ...(subtitle !== undefined && { subtitle }), dividerBelow: true },
});

/** A frame of whose tiles one is shown at a time. */
export const singleViewGroup = (title: string): TitledWidget => ({ title, singleViewGroup: {} });
