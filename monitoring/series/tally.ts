import { createEnds } from '../ends.ts';
import type { Counter, Value } from '../model.ts';
import { type BlockHead, COLUMN, decodeBlock, decodeHead, type Shape, sharedOf } from './block.ts';
import { addSteps, decodeColumn, lookAtColumn, STEPS_SLACK } from './columns.ts';
import { countBlock } from './count.ts';
import { isFirstSeen } from './increments.ts';

/** Buckets that each counter reads alike. Their columns are added up as one: first numbers, least steps, and what is above those. */
type Group = { weights: readonly number[]; first: number; least: number; steps: Uint32Array };

/** The columns of a value: to each its group, or none where nobody reads it. */
type Plan = { columns: readonly (Group | undefined)[]; groups: readonly Group[] };

/** So many bits of a step may be added up in 32, however many columns there are. */
const NARROW_BITS = 16;

/**
 * Hands counters what the points of a series added, block by block as those are in bytes. What is cumulative is written by its steps,
 * and those are what was added: so columns are added up as they are read, and no increments are made.
 */
export function createTally(shape: Shape, counters: readonly Counter[]): (bytes: Uint8Array) => void {
  // Many SLOs read the same of a series, such as how many there were.
  const alike = [...Map.groupBy(counters, ({ read }) => read)];
  const reads = alike.map(([read]) => read);
  const planFor = rememberLast((json: string) => createPlan(shape, reads, json));
  // To make room anew takes longer than to fill it.
  let [endsMs, counts] = [new Float64Array(0), new Float64Array(0)];

  return bytes => {
    const head = decodeHead(bytes);
    const { points } = head;
    const plan = planFor(head.json);
    if (endsMs.length !== points) [endsMs, counts] = [new Float64Array(points), new Float64Array(points)];
    const from = plan && addUp(shape, bytes, head, plan, endsMs);
    if (!plan || from === undefined) return countBlock(decodeBlock(shape, bytes), counters);
    if (from === points) return;
    const ends = createEnds(endsMs.subarray(from));
    for (const [index, [, told]] of alike.entries()) {
      weigh(shape, plan.groups, index, counts);
      for (const { addAll } of told) addAll(ends, counts.subarray(from));
    }
  };
}

/** `undefined` where values cannot be added up: their bounds are not the same, or they are no counts. */
function createPlan(shape: Shape, reads: readonly ((value: Value) => number)[], json: string): Plan | undefined {
  const shared = sharedOf(json);
  if (shape.metricKind === 'GAUGE' || shared.length > 1) return undefined;
  const groups = new Map<string, Group>();
  const columns = unitsOf(shape, shared[0] as readonly number[]).map(one => {
    const weights = reads.map(read => read(one));
    if (weights.every(weight => weight === 0)) return undefined;
    const known = groups.get(weights.join());
    const group = known ?? { weights, first: 0, least: 0, steps: new Uint32Array(0) };
    groups.set(weights.join(), group);
    return group;
  });
  return { columns, groups: [...groups.values()] };
}

/** One in each bucket, or the number one. */
function unitsOf({ valueType }: Shape, bounds: readonly number[]): Value[] {
  if (valueType !== 'DISTRIBUTION') return [1];
  const none = new Array<number>(bounds.length + 1).fill(0);
  return none.map((_, bucket) => ({ count: 1, sum: 0, bounds, counts: none.with(bucket, 1) }));
}

/**
 * Reads when points end, and adds up the columns of each group.
 *
 * @returns the first point of which it is known what it added; nothing where counts began anew, or are not written by their steps
 */
function addUp(
  shape: Shape,
  bytes: Uint8Array,
  { base, points, end, isSmall }: BlockHead,
  { columns, groups }: Plan,
  endsMs: Float64Array,
): number | undefined {
  const isCumulative = shape.metricKind === 'CUMULATIVE';
  const starts = lookAtColumn(bytes, end, points);
  if (isCumulative && (starts.width > 0 || starts.least !== 0)) return undefined;
  let at = decodeColumn(bytes, starts.next, endsMs);
  if (shape.valueType === 'DISTRIBUTION') {
    for (let column = COLUMN.value; column < COLUMN.counts; column += 1) at = lookAtColumn(bytes, at, points).next;
  }
  for (const group of groups) empty(group, points);
  // All counts of what is small and grows add up to less than 32 bits.
  const mayBeWide = columns.length === 1 || (isCumulative && isSmall);
  for (const group of columns) {
    const { next, width, first, least } = lookAtColumn(bytes, at, points);
    if (width > (mayBeWide ? 32 : NARROW_BITS) || (isCumulative && least < 0)) return undefined;
    if (group) {
      group.first += first;
      group.least += least;
      addSteps(bytes, at, group.steps, points);
    }
    at = next;
  }
  return base === 1 || (isCumulative && !isFirstSeen(starts.first, endsMs[0] as number)) ? 1 : 0;
}

function empty(group: Group, points: number): void {
  group.first = 0;
  group.least = 0;
  if (group.steps.length === points + STEPS_SLACK) group.steps.fill(0);
  else group.steps = new Uint32Array(points + STEPS_SLACK);
}

/** What a read makes of what each point added. What is not cumulative is what its steps lead to. */
function weigh({ metricKind }: Shape, groups: readonly Group[], read: number, counts: Float64Array): void {
  const weighed = groups.filter(({ weights }) => weights[read] !== 0);
  if (weighed.length === 0) counts.fill(0);
  for (const [place, { weights, first, least, steps }] of weighed.entries()) {
    const weight = weights[read] as number;
    const always = weight * least;
    if (place === 0) {
      counts[0] = weight * first;
      for (let index = 1; index < counts.length; index += 1) counts[index] = always + weight * (steps[index] as number);
    } else {
      counts[0] = (counts[0] as number) + weight * first;
      for (let index = 1; index < counts.length; index += 1) {
        counts[index] = (counts[index] as number) + always + weight * (steps[index] as number);
      }
    }
  }
  if (metricKind === 'CUMULATIVE') return;
  for (let index = 1; index < counts.length; index += 1) {
    counts[index] = (counts[index] as number) + (counts[index - 1] as number);
  }
}

/** Asks anew only where it is not asked the same again. */
function rememberLast<Asked, Answer>(ask: (asked: Asked) => Answer): (asked: Asked) => Answer {
  let last: { asked: Asked; answer: Answer } | undefined;
  return asked => {
    if (last?.asked !== asked) last = { asked, answer: ask(asked) };
    return last.answer;
  };
}
