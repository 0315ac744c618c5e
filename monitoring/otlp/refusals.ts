/** Why a data point, a span or a log record is refused. */
export type Reason =
  | 'no_location'
  | 'no_instance'
  | 'bad_name'
  | 'bad_label'
  | 'bad_time'
  | 'in_future'
  | 'too_old'
  | 'no_value'
  | 'not_finite'
  | 'bad_temporality'
  | 'bad_buckets'
  | 'too_many_quantiles'
  | 'bad_id'
  | 'by_store';

/** No name that a label could have. */
const REFUSED = Symbol('refused');

/** Why one is refused, and a sentence for whoever sent it. */
export type Refusal = { [REFUSED]: true; reason: Reason; because: string };

export function refuse(reason: Reason, because: string): Refusal {
  return { [REFUSED]: true, reason, because };
}

export function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && REFUSED in result;
}

/** What is refused of one request, by reason. */
export type Refusals = {
  add(refusal: Refusal, count?: number): void;
  count(): number;
  /** How many for each reason, with the first sentence of each. */
  message(): string;
  byReason(): Iterable<[Reason, number]>;
};

/**
 * Counts what is refused of one request.
 *
 * @param items what they are, in the plural: `data points`
 */
export function createRefusals(items: string): Refusals {
  const counted = new Map<Reason, { count: number; because: string }>();
  return {
    add({ reason, because }, count = 1) {
      const before = counted.get(reason);
      counted.set(reason, { count: count + (before?.count ?? 0), because: before?.because ?? because });
    },
    count: () => [...counted.values()].reduce((sum, { count }) => sum + count, 0),
    message() {
      const reasons = [...counted].map(([reason, { count, because }]) => `${count} for ${reason} (${because})`);
      return reasons.length === 0 ? '' : `Refused ${items}: ${reasons.join('; ')}`;
    },
    byReason: () => [...counted].map(([reason, { count }]): [Reason, number] => [reason, count]),
  };
}
