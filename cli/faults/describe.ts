import { describeSeconds } from '../../base/durations.ts';
import { type Pace, paceOf } from '../local/pace.ts';
import type { ExpectedAlert } from './expect.ts';
import type { FlagState } from './flags.ts';
import { describeValue, type FlagSpec, flagTable } from './table.ts';

/** All flags: which are on, with which value a flag is switched on where none is said, and what it does. */
export function describeFlags(states: readonly FlagState[]): string {
  const rows = states.map(state => {
    const { value, does, unit }: FlagSpec = flagTable[state.name];
    return [state.name, describeState(state), unit === 'switch' ? '' : describeValue(state.name, value), does];
  });
  return toTable([['FLAG', 'STATE', 'DEFAULT', 'WHAT IT DOES'], ...rows]);
}

/** What a flag was set to, and which alerts that opens. */
export function describeExpected(state: FlagState & { asGoogle: boolean }, alerts: readonly ExpectedAlert[]): string {
  const { does }: FlagSpec = flagTable[state.name];
  const rows = alerts.map(alert => [alert.alert, alert.tier, opensAfter(alert, state), closesAfter(alert)]);
  return [
    `${state.name} is ${describeState(state)}: ${does}.`,
    '',
    toTable([['SLO OR ALERT', 'TIER', 'OPENS AFTER', 'CLOSES AFTER'], ...rows]),
    '',
    describeTolerance(paceOf(state.asGoogle)),
    ...(state.asGoogle ? ['How long it takes until data can be seen is counted in, as on Google Cloud.'] : []),
    'The times are for steady traffic with a whole window of history: rising traffic and a platform that has just started are quicker,',
    'falling traffic is slower.',
    ...(alerts.some(({ isRough }) => isRough) ? [ROUGH] : []),
  ].join('\n');
}

/** `off`, `on at 50 %, off in 10 min`. */
export function describeState({ name, value, offInSeconds }: FlagState): string {
  if (value === undefined) return 'off';
  const { unit }: FlagSpec = flagTable[name];
  const at = unit === 'switch' ? 'on' : `on at ${describeValue(name, value)}`;
  return offInSeconds === undefined ? at : `${at}, off in ${describeSeconds(offInSeconds)}`;
}

function describeTolerance({ sampleSeconds, evaluationSeconds }: Pace): string {
  return `To within ${sampleSeconds + evaluationSeconds} s: a sample takes ${sampleSeconds} s and an evaluation ${evaluationSeconds} s.`;
}

const ROUGH =
  '* What fails is held and tried again, mostly more slowly than it came: it opens later, the longer the history.';

function opensAfter(alert: ExpectedAlert, { offInSeconds }: FlagState): string {
  const { opensAfterSeconds: seconds, isRough, isEvaluated } = alert;
  if (seconds === null) return 'never';
  const time = `${timeOf(seconds)}${isRough ? ' *' : ''}`;
  if (!isEvaluated) return `${time} (PromQL: not evaluated here)`;
  return offInSeconds !== undefined && seconds > offInSeconds ? `${time} (off by then)` : time;
}

function closesAfter({ opensAfterSeconds, closesAfterSeconds: seconds, closesOnce }: ExpectedAlert): string {
  if (opensAfterSeconds === null) return '';
  if (closesOnce !== undefined) return `once ${closesOnce}`;
  return seconds === null ? 'never' : timeOf(seconds);
}

const timeOf = (seconds: number) => (seconds === 0 ? 'at once' : describeSeconds(seconds));

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
