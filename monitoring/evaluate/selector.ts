import { filterErrors } from '../filter/errors.ts';
import { budgetOf, burnOf, complianceOf, type TrackedObjective } from './objective.ts';

/** The time-series selectors of SLOs. */
const NAMES = ['compliance', 'health', 'budget', 'budget_fraction', 'budget_total', 'burn_rate', 'counts'] as const;

/** What a filter asks of an SLO. */
export type Selector = {
  name: (typeof NAMES)[number];
  /** The SLO's resource name. */
  objective: string;
  /** How far a burn rate looks back. */
  lookBackMs: number;
};

const SELECTOR = /^\s*select_slo_(\w+)\s*\(\s*(["'])(.+?)\2\s*(?:,\s*(["'])(\d+)(ns|us|ms|s|m|h)\4\s*)?\)\s*$/;
const UNIT_MS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Google's limit is not known; this much is certain to be taken. */
const LOOK_BACK_MS_MAX = 86_400_000;
/** A health is that of the last sample. */
const HEALTH_MS = 60_000;

/**
 * Reads a filter as a selector of an SLO; `undefined` where it is another kind of filter. Throws `filter_invalid` where it is a
 * wrong one.
 *
 * @see https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/api/timeseries-selectors
 */
export function parseSelector(text: string): Selector | undefined {
  if (!text.trimStart().startsWith('select_slo_')) return undefined;
  const [, word, , objective = '', , amount, unit] = SELECTOR.exec(text) ?? [];
  const name = NAMES.find(known => known === word);
  if (!name) throw invalid(`must be one of ${NAMES.map(known => `select_slo_${known}`).join(', ')}`, text);
  const lookBackMs = amount === undefined ? 0 : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if ((name === 'burn_rate') !== lookBackMs > 0) {
    throw invalid('takes a look-back such as "3600s" for select_slo_burn_rate, and for that alone', text);
  }
  if (lookBackMs > LOOK_BACK_MS_MAX) throw invalid(`looks back ${amount}${unit}, and at most 24h are taken`, text);
  return { name, objective, lookBackMs };
}

/** What a selector shows at a time; `undefined` where nothing was counted, for which there is no point. */
export function selectedValue({ name, lookBackMs }: Selector, slo: TrackedObjective, atMs: number): number | undefined {
  const { goal } = slo.json;
  switch (name) {
    case 'burn_rate':
      return burnOf(slo.counts(atMs - lookBackMs, atMs), goal);
    case 'health':
      return complianceOf(slo.counts(atMs - HEALTH_MS, atMs));
    case 'compliance':
      return complianceOf(slo.countsOfPeriod(atMs));
    case 'budget':
      return budgetOf(slo.countsOfPeriod(atMs), goal)?.left;
    case 'budget_total':
      return budgetOf(slo.countsOfPeriod(atMs), goal)?.total;
    case 'budget_fraction':
      return budgetOf(slo.countsOfPeriod(atMs), goal)?.fraction;
    case 'counts': {
      const { good, bad } = slo.counts(atMs - HEALTH_MS, atMs);
      return good + bad > 0 ? good + bad : undefined;
    }
  }
}

function invalid(rule: string, text: string) {
  return filterErrors.error('filter_invalid', `The selector ${rule}: ${text}`);
}
