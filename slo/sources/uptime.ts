import { type Duration, secondsOf } from '../../base/durations.ts';
import type { BoolGauge, Selection } from '../metric.ts';

const CHECK_PASSED = 'monitoring.googleapis.com/uptime_check/check_passed';

/** A check by Google from outside: at least three places of the world ask, and each answer is a point. */
export type UptimeCheck = {
  id: string;
  host: string;
  path: string;
  periodSeconds: number;
  timeoutSeconds: number;
  /** What the answer's body must contain. */
  contains?: string;
  /** For a private Cloud Run service: the check sends a token of the monitoring agent. */
  authenticated: boolean;
};

/**
 * A check from outside of an https address.
 *
 * @param options.host `records.example.com`, without a scheme
 * @param options.every 1m, 5m, 10m or 15m
 */
export function uptimeCheck(options: {
  id: string;
  host: string;
  path?: string;
  every?: '1m' | '5m' | '10m' | '15m';
  timeout?: Duration;
  contains?: string;
  authenticated?: boolean;
}): UptimeCheck {
  const { id, host, path = '/', every = '1m', timeout = '10s', contains, authenticated = false } = options;
  return {
    ...{ id, host, path, authenticated, periodSeconds: secondsOf(every), timeoutSeconds: secondsOf(timeout) },
    ...(contains !== undefined && { contains }),
  };
}

/** Whether a check passed. In a windows SLI a window is good where any of its places had an answer in it. */
export function uptimePassed(check: UptimeCheck): BoolGauge {
  return {
    metric: {
      type: CHECK_PASSED,
      ...{ resource: 'uptime_url', kind: 'GAUGE', value: 'BOOL', unit: '1' },
      ...{ sampleSeconds: check.periodSeconds, visibleAfterSeconds: 60 },
    },
    labels: { check_id: { name: check.id, isUptimeTitle: true } },
    resourceLabels: {},
  };
}

/** The id of the check whose answers are selected, where they are those of one of our checks. */
export function uptimeIdOf({ metric, labels }: Selection): string | undefined {
  const { check_id: id } = labels;
  return metric.type === CHECK_PASSED && typeof id === 'object' && 'name' in id ? id.name : undefined;
}
