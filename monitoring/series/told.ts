import type { SeriesIdentity } from '../model.ts';

/**
 * What is kept of series, found by how writers tell them: the same labels in the same order, time after time. To find one
 * again takes a third of the time that its key does, for which labels are sorted.
 *
 * @param max how many are kept at most: who tells one series in ever other orders must not fill the memory
 */
export function createTold<Kept>(max: number) {
  const byResource = new Map<string, Map<string, Kept>>();
  // The points of a request follow each other, and share their resource.
  let last: { resource?: SeriesIdentity['resource']; text: string; known: Map<string, Kept> | undefined };
  let size: number;
  clear();

  function clear(): void {
    byResource.clear();
    last = { text: '', known: undefined };
    size = 0;
  }

  function ofResource(resource: SeriesIdentity['resource']): typeof last {
    if (last.resource === resource) return last;
    const text = JSON.stringify([resource.type, resource.labels]);
    last = { resource, text, known: byResource.get(text) };
    return last;
  }

  const textOf = ({ type, labels }: SeriesIdentity['metric']) => JSON.stringify([type, labels]);

  return {
    find: ({ metric, resource }: SeriesIdentity) => ofResource(resource).known?.get(textOf(metric)),
    keep({ metric, resource }: SeriesIdentity, kept: Kept): void {
      if (size >= max) clear();
      const told = ofResource(resource);
      told.known ??= new Map();
      byResource.set(told.text, told.known);
      told.known.set(textOf(metric), kept);
      size += 1;
    },
    clear,
  };
}
