import { recordErrors } from './errors.ts';

type Waiting<Item, Result> = {
  item: Item;
  weight: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

/**
 * Joins what is handed over in one turn of the event loop, or while `runsMax` runs are under way, into one call of `run`, which
 * answers item by item: one commit for many writers. What waits is limited: beyond `waitingWeightMax` an item is refused with
 * `queue_full`.
 *
 * @param options.unit what a weight counts, for that refusal: `events`
 * @example
 * const write = createBatcher({ run: rows => commit(rows), weigh: () => 1, unit: 'rows', batchWeightMax: 5000, waitingWeightMax: 100_000 });
 * await write(row);
 */
export function createBatcher<Item, Result>(options: {
  run(items: Item[]): readonly Result[] | Promise<readonly Result[]>;
  weigh(item: Item): number;
  unit: string;
  batchWeightMax: number;
  waitingWeightMax: number;
  runsMax?: number;
}): (item: Item) => Promise<Result> {
  const { runsMax = Number.POSITIVE_INFINITY } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let waitingWeight = 0;
  let runs = 0;

  function flush(): void {
    while (waiting.length > 0 && runs < runsMax) {
      const batch = takeBatch(waiting, options.batchWeightMax);
      for (const { weight } of batch) waitingWeight -= weight;
      runs += 1;
      void settle(batch, options.run).then(() => {
        runs -= 1;
        if (waiting.length > 0) flush();
      });
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      const weight = options.weigh(item);
      if (waitingWeight + weight > options.waitingWeightMax) {
        const detail = `${waitingWeight} of at most ${options.waitingWeightMax} ${options.unit} are waiting already: send again in a second`;
        reject(recordErrors.error('queue_full', detail));
        return;
      }
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ item, weight, resolve, reject });
      waitingWeight += weight;
    });
}

async function settle<Item, Result>(
  batch: Waiting<Item, Result>[],
  run: (items: Item[]) => readonly Result[] | Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    batch.forEach(({ resolve }, index) => {
      resolve(results[index] as Result);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/** Takes off the front what weighs no more than `weightMax`, and one item at the least. */
function takeBatch<T extends { weight: number }>(waiting: T[], weightMax: number): T[] {
  let count = 0;
  for (let weight = 0; count < waiting.length; count += 1) {
    weight += (waiting[count] as T).weight;
    if (count > 0 && weight > weightMax) break;
  }
  return waiting.splice(0, count);
}
