import { describeShare } from '../../base/durations.ts';

/** The shares of a budget under which changes stop: any change, and one that is announced as a fix. */
export type Freeze = { below: number; fixesBelow?: number };

/** What a change is announced as. A fix mends what spends the budget. */
export type Change = 'any' | 'fix';

/**
 * The share of its budget that an SLO must have left for a change to go. Without a policy a change stops at a spent budget. A fix goes
 * whatever is left where the policy does not say otherwise: to hold it back would keep the budget burning.
 *
 * @see https://sre.google/workbook/error-budget-policy/
 */
export function floorOf(freeze: Freeze | undefined, change: Change): number {
  if (change === 'fix') return freeze?.fixesBelow ?? Number.NEGATIVE_INFINITY;
  return freeze?.below ?? 0;
}

/** A service's policy for people, as the handbook has it. */
export function describeFreeze(freeze: Freeze | undefined): string {
  const rule = freeze
    ? `Deploys stop while less than ${describeShare(freeze.below)} of an error budget is left`
    : 'Deploys stop while an error budget is overspent';
  return `${rule}; a fix goes ${describeFixes(freeze)}.`;
}

function describeFixes({ fixesBelow }: Partial<Freeze> = {}): string {
  if (fixesBelow === undefined) return 'whatever is left';
  return fixesBelow === 0 ? 'until it is overspent' : `down to ${describeShare(fixesBelow)}`;
}
