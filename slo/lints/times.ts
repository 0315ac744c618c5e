import { describeSeconds } from '../../base/durations.ts';
import type { CauseTest } from '../causes.ts';
import { type Lint, ofCause, ofObjective, ofService, ofTier } from './rule.ts';

const MINUTE = 60;
const DAY_SECONDS = 86_400;
const ABSENCE_SECONDS_MIN = 120;
const ABSENCE_SECONDS_MAX = 23.5 * 3600;
const TIMEOUT_SECONDS_MAX = 60;

/** How long alerts look, and checks wait. */
export const timeLints = {
  'time-not-possible': {
    severity: 'error',
    explanation:
      'A condition looks at whole minutes, one at least and up to a day; one on absence at 2 min to 23.5 h. An uptime check waits 1 to 60 s for its answer. The windows of a tier are whole seconds, for PromQL has no others.',
    remedy: 'Take such a time; the short window of a tier is a twelfth of the long one where it is not said.',
    example:
      'above(300, { for: "90s", … }) lies between 1 and 2 min. A tier with long: "2000s" has a short window of 166.67 s, for 2,000 is no multiple of 12.',
    rules: [
      ...ofObjective(({ objective: { absentAfterSeconds: seconds } }) =>
        seconds === 0 ? undefined : absence('absentAfter', seconds),
      ),
      ...ofCause(({ cause: { when } }) => timesOf(when)),
      ...ofTier(({ tier: { longSeconds, shortSeconds } }) => {
        if (Number.isInteger(longSeconds) && Number.isInteger(shortSeconds)) return undefined;
        return `has windows of ${longSeconds} s and ${shortSeconds} s, and must have whole seconds in both`;
      }),
      ...ofService(({ service: { uptime } }) =>
        uptime.flatMap(({ id, timeoutSeconds }) => {
          if (timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_SECONDS_MAX) return [];
          return [
            `uptime check ${id} waits ${describeSeconds(timeoutSeconds)}, and must wait 1 to ${TIMEOUT_SECONDS_MAX} s`,
          ];
        }),
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Lint>>;

function timesOf(when: CauseTest): string | undefined {
  switch (when.test) {
    case 'count':
      return minutes('counts in', when.inSeconds);
    case 'above':
    case 'percentile':
      return minutes('waits', when.forSeconds);
    case 'drop':
      return minutes('compares', when.windowSeconds);
    case 'absent':
      return absence('waits', when.forSeconds);
  }
}

function minutes(what: string, seconds: number): string | undefined {
  if (seconds >= MINUTE && seconds <= DAY_SECONDS && seconds % MINUTE === 0) return undefined;
  return `${what} ${describeSeconds(seconds)}, and must take whole minutes, from ${describeSeconds(MINUTE)} to ${describeSeconds(DAY_SECONDS)}`;
}

function absence(what: string, seconds: number): string | undefined {
  if (seconds >= ABSENCE_SECONDS_MIN && seconds <= ABSENCE_SECONDS_MAX && seconds % MINUTE === 0) return undefined;
  return `${what} ${describeSeconds(seconds)}, and absence takes whole minutes from ${describeSeconds(ABSENCE_SECONDS_MIN)} to ${describeSeconds(ABSENCE_SECONDS_MAX)}`;
}
