import type { Dashboard } from '../../slo/resources/dashboard.ts';

/** What becomes of one dashboard, by its widgets' titles. Where no widget differs, its title or layout does. */
export type DashboardChange = {
  dashboard: string;
  added: readonly string[];
  removed: readonly string[];
  changed: number;
};

/** How dashboards differ. A widget with another title is another widget. */
export function dashboardChanges(before: readonly Dashboard[], after: readonly Dashboard[]): DashboardChange[] {
  const [was, is] = [before, after].map(
    dashboards => new Map(dashboards.map(dashboard => [dashboard.name, dashboard])),
  ) as [Map<string, Dashboard>, Map<string, Dashboard>];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(name => {
    const [old, now] = [was.get(name), is.get(name)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    return [{ dashboard: name.slice(name.lastIndexOf('/') + 1), ...compare(widgetsOf(old), widgetsOf(now)) }];
  });
}

/** Widgets as JSON by their titles; of several with one title each counts. */
function widgetsOf(dashboard: Dashboard | undefined): Map<string, string> {
  const widgets = new Map<string, string>();
  for (const [index, { widget }] of (dashboard?.mosaicLayout.tiles ?? []).entries()) {
    const title = widget.title ?? `widget ${index + 1}`;
    widgets.set(widgets.has(title) ? `${title} (${index + 1})` : title, JSON.stringify(widget));
  }
  return widgets;
}

function compare(was: Map<string, string>, is: Map<string, string>) {
  return {
    added: [...is.keys()].filter(title => !was.has(title)),
    removed: [...was.keys()].filter(title => !is.has(title)),
    changed: [...is].filter(([title, json]) => was.has(title) && was.get(title) !== json).length,
  };
}
