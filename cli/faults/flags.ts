import type { Clock } from '../../base/clock.ts';
import { cliErrors } from '../errors.ts';
import { type FlagName, type FlagSpec, flagNames, flagTable, ruleOf } from './table.ts';

/** Whether a flag is on: it has a value then, and the seconds after which it goes off, where it does so by itself. */
export type FlagState = { name: FlagName; value?: number; offInSeconds?: number };

const SECONDS_MAX = 86_400;

/** How long a flag may be on before it goes off by itself. */
export const TIME_RULE = 'must be above 0 and at most 24h, such as 10m';

/** Whether a flag may be on for so long. */
export const isTime = (seconds: number): boolean => seconds > 0 && seconds <= SECONDS_MAX;

/** The failure flags of a platform. None is on at first. */
export type Flags = {
  /** The value of a flag that is on. */
  value(name: FlagName): number | undefined;
  /** Switches a flag on, for a time or until it is switched off, or off with `undefined`. Throws `flag_invalid`. */
  set(name: FlagName, value: number | undefined, forSeconds?: number): FlagState;
  list(): FlagState[];
  /** Hears of each flag that is switched on or off; one whose time is over goes off when somebody next asks for it. */
  onChange(listener: (state: FlagState) => void): void;
};

export function createFlags({ clock }: { clock: Clock }): Flags {
  const on = new Map<FlagName, { value: number; untilMs: number }>();
  const listeners: ((state: FlagState) => void)[] = [];

  function value(name: FlagName): number | undefined {
    const found = on.get(name);
    if (found === undefined || found.untilMs > clock.now()) return found?.value;
    set(name, undefined);
    return undefined;
  }

  function stateOf(name: FlagName): FlagState {
    const current = value(name);
    const { untilMs = Number.POSITIVE_INFINITY } = on.get(name) ?? {};
    return {
      name,
      ...(current !== undefined && { value: current }),
      ...(Number.isFinite(untilMs) && { offInSeconds: (untilMs - clock.now()) / 1000 }),
    };
  }

  function set(name: FlagName, next: number | undefined, forSeconds?: number): FlagState {
    if (next === undefined) on.delete(name);
    else on.set(name, { value: checked(name, next), untilMs: untilMs(forSeconds) });
    const state = stateOf(name);
    for (const listener of listeners) listener(state);
    return state;
  }

  function untilMs(forSeconds = Number.POSITIVE_INFINITY): number {
    if (forSeconds === Number.POSITIVE_INFINITY || isTime(forSeconds)) {
      return clock.now() + forSeconds * 1000;
    }
    throw invalid('for', TIME_RULE, `${forSeconds}s`);
  }

  return { value, set, list: () => flagNames.map(stateOf), onChange: listener => listeners.push(listener) };
}

function checked(name: FlagName, value: number): number {
  const { min, max }: FlagSpec = flagTable[name];
  if (value >= min && value <= max) return value;
  throw invalid(name, ruleOf(name), String(value));
}

function invalid(field: string, rule: string, value: string) {
  return cliErrors.error('flag_invalid', `${field} ${rule}, not ${value}`, { problems: [{ field, rule, value }] });
}
