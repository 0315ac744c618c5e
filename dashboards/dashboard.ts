import type { Target } from '../slo/metric.ts';
import type { Dashboard, TileJson } from '../slo/resources/dashboard.ts';
import { layOut, type Section } from './layout.ts';

/** A dashboard of an environment. Each widget has a title of its own, for the plan knows it by that. */
export function dashboard(id: string, title: string, sections: readonly Section[], target: Target): Dashboard {
  const { project, nameSuffix } = target;
  const { columns, tiles } = layOut(sections);
  return {
    name: `projects/${project}/dashboards/${id}${nameSuffix}`,
    displayName: title + nameSuffix,
    labels: { managed_by: 'burnline' },
    mosaicLayout: { columns, tiles: withOwnTitles(tiles) },
  };
}

function withOwnTitles(tiles: readonly TileJson[]): TileJson[] {
  const taken = new Set<string | undefined>();
  return tiles.map(tile => {
    let { title } = tile.widget;
    for (let count = 2; taken.has(title); count += 1) title = `${tile.widget.title} (${count})`;
    taken.add(title);
    return title === undefined ? tile : { ...tile, widget: { ...tile.widget, title } };
  });
}
