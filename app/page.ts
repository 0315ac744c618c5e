import { limits } from '../base/limits.ts';

/** Where a page starts: behind so many items, or behind the item with this key. */
export type Position = { offset: number } | { after: string };

/** Items as JSON, joined by commas; `lastKey` where a next page would start, absent where there is none. */
export type Page = { json: string; nextKey: string | undefined };

/**
 * Reads a page as JSON, one item more than asked for to learn whether there is another page. Large pages are read in steps, and
 * end early where their items are so large that the whole would not fit into memory.
 */
export async function readPage<Item>(options: {
  limit: number;
  from: Position;
  read(limit: number, from: Position): Promise<Item[]>;
  keyOf(item: Item): string;
  stepItemsMax?: number;
}): Promise<Page> {
  const { read, keyOf, stepItemsMax = limits.page_step_items_max } = options;
  let { from, limit: left } = options;
  const parts: string[] = [];
  for (let chars = 0; ; ) {
    const step = Math.min(left, stepItemsMax);
    const items = await read(step + 1, from);
    const isMore = items.length > step;
    if (isMore) items.pop();
    const last = items.at(-1);
    if (last === undefined) return { json: parts.join(), nextKey: undefined };
    const json = JSON.stringify(items).slice(1, -1);
    const nextKey = isMore ? keyOf(last) : undefined;
    parts.push(json);
    chars += json.length;
    left -= items.length;
    if (nextKey === undefined || left === 0 || chars > limits.page_chars_max) return { json: parts.join(), nextKey };
    from = { after: nextKey };
  }
}
