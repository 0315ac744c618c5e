import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOut, type Section } from './layout.ts';
import { text } from './widgets.ts';

const placed = fc.record({
  widget: fc.string().map(title => text(title, 'content')),
  size: fc.constantFrom('quarter', 'third', 'half', 'full'),
});
const sections: fc.Arbitrary<Section[]> = fc.array(
  fc.record({ heading: fc.string(), widgets: fc.array(placed, { maxLength: 12 }) }, { requiredKeys: ['widgets'] }),
  { maxLength: 5 },
);

const placesOf = (given: readonly Section[]) =>
  layOut(given).tiles.map(({ xPos = 0, yPos = 0, ...tile }) => ({ xPos, yPos, ...tile }));
type Tile = ReturnType<typeof placesOf>[number];

const overlap = (a: Tile, b: Tile) =>
  a.xPos < b.xPos + b.width && b.xPos < a.xPos + a.width && a.yPos < b.yPos + b.height && b.yPos < a.yPos + a.height;

test('no tile overlaps another or leaves the 48 columns, and none leaves a gap', () => {
  fc.assert(
    fc.property(sections, given => {
      const tiles = placesOf(given);
      assert.ok(tiles.every(({ xPos, yPos, width }) => xPos >= 0 && yPos >= 0 && xPos + width <= 48));
      const pairs = tiles.flatMap((tile, index) => tiles.slice(index + 1).filter(other => overlap(tile, other)));
      assert.deepEqual(pairs, []);
      const bottom = Math.max(0, ...tiles.map(({ yPos, height }) => yPos + height));
      assert.equal(
        tiles.reduce((sum, { width, height }) => sum + width * height, 0),
        48 * bottom,
      );
    }),
  );
});

test('widgets keep their order, read from left to right and from the top', () => {
  fc.assert(
    fc.property(sections, given => {
      const tiles = placesOf(given);
      const shown = tiles.filter(({ widget }) => 'text' in widget);
      assert.deepEqual(
        shown.map(({ widget }) => widget),
        given.flatMap(({ widgets }) => widgets.map(({ widget }) => widget)),
      );
      const read = tiles.toSorted((a, b) => a.yPos - b.yPos || a.xPos - b.xPos);
      assert.deepEqual(tiles, read);
    }),
  );
});

test('four quarters, three thirds or two halves fill a row below the heading', () => {
  const widget = text('t', 'content');
  for (const [size, count] of [
    ['quarter', 4],
    ['third', 3],
    ['half', 2],
  ] as const) {
    const widgets = Array.from({ length: count }, () => ({ widget, size }));
    const [header, ...tiles] = layOut([{ heading: 'h', widgets }]).tiles;
    assert.deepEqual([header?.xPos ?? 0, header?.width], [0, 48]);
    assert.deepEqual(new Set(tiles.map(({ yPos }) => yPos)), new Set([header?.height]));
    assert.equal(
      tiles.reduce((sum, { width }) => sum + width, 0),
      48,
    );
  }
});

test('a section without widgets has no heading', () => {
  assert.deepEqual(layOut([{ heading: 'h', widgets: [] }]).tiles, []);
});
