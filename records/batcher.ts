import { recordErrors } from './errors.ts';

type Waiting<Item, Result> = {
  item: Item;
  weight: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

/**
 * Joins all that is handed over in one turn of the event loop into one call of `run`, which answers item by item: one commit
 * for many writers. What waits is limited: beyond `weightMax` an item is refused with `queue_full`.
 *
 * @example
 * const write = createBatcher({ run: rows => commit(rows), weigh: () => 1, batchWeightMax: 5000, waitingWeightMax: 100_000 });
 * await write(row);
 */
export function createBatcher<Item, Result>(options: {
  run(items: Item[]): readonly Result[];
  weigh(item: Item): number;
  batchWeightMax: number;
  waitingWeightMax: number;
}): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let waitingWeight = 0;

  function flush(): void {
    const batches = splitByWeight(waiting, options.batchWeightMax);
    waiting = [];
    waitingWeight = 0;
    for (const batch of batches) settle(batch, options.run);
  }

  return item =>
    new Promise((resolve, reject) => {
      const weight = options.weigh(item);
      if (waitingWeight + weight > options.waitingWeightMax) {
        const detail = `${waitingWeight} of at most ${options.waitingWeightMax} are waiting already: send again in a second`;
        reject(recordErrors.error('queue_full', detail));
        return;
      }
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ item, weight, resolve, reject });
      waitingWeight += weight;
    });
}

function settle<Item, Result>(batch: Waiting<Item, Result>[], run: (items: Item[]) => readonly Result[]): void {
  try {
    const results = run(batch.map(({ item }) => item));
    batch.forEach(({ resolve }, index) => {
      resolve(results[index] as Result);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

function splitByWeight<T extends { weight: number }>(items: readonly T[], weightMax: number): T[][] {
  const batches: T[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (weight + item.weight > weightMax) {
      batches.push([]);
      weight = 0;
    }
    batches.at(-1)?.push(item);
    weight += item.weight;
  }
  return batches;
}
