import type { Dashboard, TileJson, WidgetJson } from '../slo/resources/dashboard.ts';
import { sectionHeader } from './widgets.ts';

/** How much of a row a widget takes. */
export type Size = 'quarter' | 'third' | 'half' | 'full';

export type Placed = { widget: WidgetJson; size: Size };

/** Widgets that stand together, under a heading where they have one. */
export type Section = { heading?: string; widgets: readonly Placed[] };

const COLUMNS = 48;
const HEADER_ROWS = 4;
const SIZES: Readonly<Record<Size, { width: number; height: number }>> = {
  quarter: { width: 12, height: 12 },
  third: { width: 16, height: 16 },
  half: { width: 24, height: 16 },
  full: { width: 48, height: 16 },
};

/** Places sections below each other on 48 columns, and their widgets from left to right; a section without any is left out. */
export function layOut(sections: readonly Section[]): Dashboard['mosaicLayout'] {
  const tiles: TileJson[] = [];
  let bottom = 0;
  for (const { heading, widgets } of sections) {
    if (widgets.length === 0) continue;
    if (heading !== undefined) {
      tiles.push(tile(0, bottom, { width: COLUMNS, height: HEADER_ROWS }, sectionHeader(heading)));
      bottom += HEADER_ROWS;
    }
    bottom = placeRows(widgets, bottom, tiles);
  }
  return { columns: COLUMNS, tiles };
}

/** Fills rows from the top. Returns where the next row begins. */
function placeRows(widgets: readonly Placed[], top: number, tiles: TileJson[]): number {
  let row: Placed[] = [];
  let bottom = top;
  for (const placed of widgets) {
    if (widthOf([...row, placed]) > COLUMNS) {
      bottom = placeRow(row, bottom, tiles);
      row = [];
    }
    row.push(placed);
  }
  return placeRow(row, bottom, tiles);
}

/** Widgets side by side: all as high as the highest, and in the ratio of their sizes so wide that they leave no gap. */
function placeRow(row: readonly Placed[], yPos: number, tiles: TileJson[]): number {
  const total = widthOf(row);
  const height = Math.max(...row.map(({ size }) => SIZES[size].height));
  let taken = 0;
  for (const { widget, size } of row) {
    const [left, right] = [taken, taken + SIZES[size].width].map(edge => Math.round((edge * COLUMNS) / total)) as [
      number,
      number,
    ];
    tiles.push(tile(left, yPos, { width: right - left, height }, widget));
    taken += SIZES[size].width;
  }
  return yPos + height;
}

const widthOf = (row: readonly Placed[]) => row.reduce((sum, { size }) => sum + SIZES[size].width, 0);

/** A position of 0 is left out, as the API leaves it out of its answers: a plan would find a difference each time. */
function tile(xPos: number, yPos: number, size: { width: number; height: number }, widget: WidgetJson): TileJson {
  return { ...(xPos > 0 && { xPos }), ...(yPos > 0 && { yPos }), ...size, widget };
}
