import { bucketLints } from './buckets.ts';
import { idLints } from './ids.ts';
import { limitLints } from './limits.ts';
import { promiseLints } from './promises.ts';
import type { Lint } from './rule.ts';
import { sliLints } from './slis.ts';
import { tierLints } from './tiers.ts';
import { timeLints } from './times.ts';
import { trafficLints } from './traffic.ts';
import { uptimeLints } from './uptime.ts';

/** Every lint by its code. */
export const lints = {
  ...tierLints,
  ...trafficLints,
  ...promiseLints,
  ...sliLints,
  ...bucketLints,
  ...idLints,
  ...timeLints,
  ...uptimeLints,
  ...limitLints,
} as const satisfies Readonly<Record<string, Lint>>;

export type LintCode = keyof typeof lints;
