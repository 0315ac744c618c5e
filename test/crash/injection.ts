import { type Append, type Fate, type FaultName, faults } from './faults.ts';

/** Which fault is on, and how often each was met. */
export type Injection = {
  set(fault: FaultName | undefined): void;
  /** Lets the append meet the fault that is on, or else have the warehouse's own answer. */
  decide(append: Append & { isOfEvents: boolean }): Promise<Fate>;
  /** How often a fault was met, and how often by an append of several rows: those are the pull worker's. */
  met(fault: FaultName): { all: number; batches: number };
};

/** No fault is on at first. */
export function createInjection(): Injection {
  const met = new Map<FaultName, { all: number; batches: number }>();
  const metOf = (fault: FaultName) => met.get(fault) ?? { all: 0, batches: 0 };
  let current: FaultName | undefined;
  let appends = 0;
  return {
    set(fault) {
      current = fault;
      appends = 0;
    },
    async decide({ isOfEvents, ...append }) {
      const fault = current && faults[current];
      const isConcerned = fault && (isOfEvents || !fault.isOfEvents);
      if (!current || !isConcerned || appends++ % (fault.oneOf ?? 1) !== 0) return { answer: await append.forward() };
      const { all, batches } = metOf(current);
      met.set(current, { all: all + 1, batches: batches + Number(append.rows > 1) });
      return fault.meet(append);
    },
    met: metOf,
  };
}
