/**
 * Runs a task for each item, some at once. After a failure no more are begun. Settles once nothing runs any more, and rejects
 * with the first failure.
 *
 * @param tasksMax how many run at once
 */
export async function forEachInFlight<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { tasksMax }: { tasksMax: number },
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const ended: Promise<unknown> = task(item)
        .catch(error => failures.push(error))
        .finally(() => running.delete(ended));
      running.add(ended);
      if (running.size >= tasksMax) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
