/** A length of time as people write it: `200ms`, `5m`, `28d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Seconds of a duration. Throws a `TypeError` where the text is none. */
export function secondsOf(duration: Duration): number {
  const [, amount, unit] = DURATION.exec(duration) ?? [];
  if (unit === undefined) throw new TypeError(`must be a duration such as 200ms, 5m, 1h or 28d, not "${duration}"`);
  return tidy(Number(amount) * SECONDS[unit as keyof typeof SECONDS]);
}

const REMEMBERED_MAX = 1000;

/** The same function, which keeps what it has found: many services ask for the same few numbers over and over. */
function remembering<Result>(find: (value: number) => Result): (value: number) => Result {
  const known = new Map<number, Result>();
  return value => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size === REMEMBERED_MAX) known.clear();
    const found = find(value);
    known.set(value, found);
    return found;
  };
}

const toTwelveDigits = remembering(value => Number(value.toPrecision(12)));

/** A number without the noise of binary fractions: `1 - 0.999` is 0.001, to twelve significant digits. */
export function tidy(value: number): number {
  return Number.isInteger(value) ? value : toTwelveDigits(value);
}

/** A number to so many significant digits: three, or more. */
export function toDigits(value: number, digits: number): number {
  return Number.isInteger(value) && Math.abs(value) < 1000 ? value : Number(value.toPrecision(digits));
}

/** Seconds as the shortest exact duration, which PromQL takes too where they are whole: `90` is `90s`, `3600` is `1h`. */
export function toDuration(seconds: number): Duration {
  if (seconds < 1) return `${tidy(seconds * 1000)}ms`;
  if (seconds % SECONDS.m !== 0) return `${tidy(seconds)}s`;
  if (seconds % SECONDS.h !== 0) return `${seconds / SECONDS.m}m`;
  return seconds % SECONDS.d === 0 ? `${seconds / SECONDS.d}d` : `${seconds / SECONDS.h}h`;
}

/** Seconds for people, in one unit and three significant digits: `51.8 s`, `17.3 min`, `2.5 h`, `3 d`. */
export const describeSeconds = remembering(seconds => {
  const unit = unitFor(seconds);
  return `${toDigits(seconds / UNIT_SECONDS[unit], 3)} ${unit}`;
});

const UNIT_SECONDS = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 } as const;

function unitFor(seconds: number): keyof typeof UNIT_SECONDS {
  if (seconds < 1) return 'ms';
  if (seconds < 120) return seconds % 60 === 0 ? 'min' : 's';
  if (seconds < 7200) return seconds % 3600 === 0 ? 'h' : 'min';
  if (seconds < 2 * 86_400) return seconds % 86_400 === 0 ? 'd' : 'h';
  return 'd';
}

/** A share for people, as a percentage: 0.999 is `99.9 %`, 0.10714 is `10.71 %`. */
export const describeShare = remembering(share => {
  const percent = tidy(share * 100);
  if (percent < 99) return `${toDigits(percent, 4)} %`;
  // What it lacks is what counts then: 99.99 is not 100.
  return `${tidy(100 - toDigits(100 - percent, 3))} %`;
});
