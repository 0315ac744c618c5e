import type { Keeper } from './ports.ts';

/**
 * Keeps the newest items in memory, as many as have room in `bytesMax` bytes, counted as JSON; an object in memory takes some
 * three times that. An item that alone has more is let go like the others.
 */
export function createKeeper<Item extends { traceId?: string }>({ bytesMax }: { bytesMax: number }): Keeper<Item> {
  let kept: ({ item: Item; bytes: number } | undefined)[] = [];
  /** How many at the beginning of `kept` are gone: taking each off at once would move all the others each time. */
  let gone = 0;
  let bytes = 0;
  let dropped = 0;
  const traces = new Map<string, Item[]>();

  function dropOldest(): void {
    const oldest = kept[gone];
    if (!oldest) return;
    kept[gone] = undefined;
    gone += 1;
    bytes -= oldest.bytes;
    dropped += 1;
    const { traceId = '' } = oldest.item;
    const trace = traces.get(traceId);
    trace?.shift();
    if (trace?.length === 0) traces.delete(traceId);
  }

  function addToTrace(traceId: string, item: Item): void {
    const trace = traces.get(traceId);
    if (trace) trace.push(item);
    else traces.set(traceId, [item]);
  }

  return {
    keep(items) {
      for (const item of items) {
        const size = Buffer.byteLength(JSON.stringify(item));
        kept.push({ item, bytes: size });
        bytes += size;
        if (item.traceId) addToTrace(item.traceId, item);
      }
      while (bytes > bytesMax) dropOldest();
      if (gone > kept.length / 2) {
        kept = kept.slice(gone);
        gone = 0;
      }
    },
    ofTrace: traceId => [...(traces.get(traceId) ?? [])],
    newest({ limit, where = () => true }) {
      const found: Item[] = [];
      for (let index = kept.length - 1; index >= gone && found.length < limit; index -= 1) {
        const item = kept[index]?.item;
        if (item && where(item)) found.push(item);
      }
      return found;
    },
    state: () => ({ items: kept.length - gone, bytes, dropped }),
  };
}
