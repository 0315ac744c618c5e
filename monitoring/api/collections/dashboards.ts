import type { Problem } from '../../../base/errors.ts';
import { apiErrors } from '../../errors.ts';
import { checkDisplayName, must } from '../checks.ts';
import type { Collection } from '../collection.ts';
import type { World } from '../world.ts';

const ID = /^[a-zA-Z0-9_-]{1,64}$/;
/** The console writes 48, the documentation says 12. */
const COLUMNS_MAX = 48;

type Tile = { xPos?: number; yPos?: number; width?: number; height?: number; widget?: object };
type Mosaic = { columns?: number; tiles?: readonly Tile[] };

/** Dashboards. One that is made may bring its name; what is written must know the etag that it was read with, where it says one. */
export function dashboards({ newId, project }: World): Collection {
  const prefix = `projects/${project}/dashboards/`;
  return {
    ...{ kind: 'dashboards', under: '/v1/projects/{project}' },
    message: 'google.monitoring.dashboard.v1.Dashboard',
    list: { message: 'google.monitoring.dashboard.v1.ListDashboardsResponse' },
    idOf({ body }) {
      const { name = '' } = body as { name?: string };
      if (name === '') return newId();
      const id = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (ID.test(id)) return id;
      const problems = must(false, 'name', `must be ${prefix} and letters, digits, _ and -`, name);
      throw apiErrors.error('argument_invalid', `name must be ${prefix} and letters, digits, _ and -, not ${name}`, {
        problems,
      });
    },
    check: ({ displayName, mosaicLayout }) => [
      ...checkDisplayName(displayName),
      ...checkMosaic((mosaicLayout ?? {}) as Mosaic),
    ],
    show: ({ json, etag }) => (etag === '' ? json : { ...json, etag }),
  };
}

function checkMosaic({ columns = COLUMNS_MAX, tiles = [] }: Mosaic): Problem[] {
  return [
    ...must(columns >= 1 && columns <= COLUMNS_MAX, 'mosaicLayout.columns', `must be 1 to ${COLUMNS_MAX}`, columns),
    ...tiles.flatMap(({ xPos = 0, yPos = 0, width = 0, height = 0, widget }, index) => {
      const at = `mosaicLayout.tiles[${index}]`;
      return [
        ...must(width >= 1 && height >= 1 && yPos >= 0, at, 'must have a width and a height', { width, height }),
        ...must(xPos >= 0 && xPos + width <= columns, at, `must lie within ${columns} columns`, { xPos, width }),
        ...must(widget !== undefined, `${at}.widget`, 'is required'),
      ];
    }),
  ];
}
