import { describeShare } from '../../base/durations.ts';

/** What of the API’s answers `api-latency` delays: half of them, as a slow dependency of some of the requests would. */
export const SLOW_SHARE = 0.5;

/** An SLO or a cause alert of ours that a flag is meant to move. */
export type Move = {
  /** `records-api/availability`: the service, then the SLO or the cause alert. */
  of: string;
  /** The share of its events that is bad while the flag is on; all of them where it is not said. */
  badShare?(value: number, thresholdSeconds: number): number;
  /** Whether what fails is held and tried again: the events come at another rate then, and the times are rough. */
  isRetried?: boolean;
  /** What has to be done before it closes, where it does not close by itself. */
  closesOnce?: string;
};

/** A failure flag: what it does to the local platform, what its value is, and which alerts it is meant to open. */
export type FlagSpec = {
  does: string;
  /** `ms` are milliseconds, a `share` goes up to 1, a `switch` is 1 where it is on. */
  unit: 'ms' | 'share' | 'switch';
  min: number;
  max: number;
  /** What it is switched on with where nothing is said. */
  value: number;
  moves: readonly Move[];
};

const onOff = { unit: 'switch', min: 1, max: 1, value: 1 } as const;
const share = { unit: 'share', min: 0.001, max: 1 } as const;
const byShare = (value: number) => value;
const noData = (...names: string[]): Move[] => names.map(of => ({ of: `${of}-no-data` }));

/** Every failure flag. What they move are the SLOs of slo/services. */
export const flagTable = {
  'api-latency': {
    does: `${describeShare(SLOW_SHARE)} of the API’s answers take that much longer`,
    ...{ unit: 'ms', min: 1, max: 10_000, value: 300 },
    moves: ['records-api/latency', 'records-api/slow'].map(of => ({
      of,
      badShare: (ms, thresholdSeconds) => (ms / 1000 >= thresholdSeconds ? SLOW_SHARE : 0),
    })),
  },
  'api-errors': {
    does: 'that share of the API’s requests is answered 500 or 503',
    ...{ ...share, value: 1 },
    moves: [{ of: 'records-api/availability', badShare: byShare }],
  },
  'warehouse-down': {
    does: 'appends to the warehouse and reads from it fail, as if it could not be reached',
    ...onOff,
    moves: [
      { of: 'warehouse/appends', isRetried: true },
      { of: 'ingest/stored', isRetried: true },
      { of: 'records-api/availability' },
      { of: 'ingest/append-errors' },
      { of: 'ingest/backlog-age' },
    ],
  },
  'slow-appends': {
    does: 'appends to the warehouse take that much longer',
    // At 10 s the API gives a write up, and it would be another failure than slowness.
    ...{ unit: 'ms', min: 1, max: 9000, value: 1500 },
    moves: ['warehouse/append-latency', 'warehouse/slow-appends'].map(of => ({
      of,
      badShare: (ms, thresholdSeconds) => (ms / 1000 >= thresholdSeconds ? 1 : 0),
    })),
  },
  'poison-messages': {
    does: 'that share of the messages of the local traffic source is broken',
    ...{ ...share, value: 0.1 },
    moves: [{ of: 'ingest/dead-letters' }, { of: 'ingest/dead-letters-waiting', closesOnce: 'they are replayed' }],
  },
  'dropped-telemetry': {
    does: 'no trace, metric or log reaches Cloud Monitoring, as if the collector was gone',
    ...onOff,
    moves: [
      ...noData('records-api/latency', 'records-api/freshness', 'ingest/stored', 'ingest/publish-to-commit'),
      ...noData('warehouse/appends', 'warehouse/append-latency'),
    ],
  },
} as const satisfies Readonly<Record<string, FlagSpec>>;

export type FlagName = keyof typeof flagTable;
export const flagNames = Object.keys(flagTable) as FlagName[];

/** What a flag's value must be, as a phrase. */
export function ruleOf(name: FlagName): string {
  const { unit, min, max, value }: FlagSpec = flagTable[name];
  if (unit === 'switch') return 'must be left out: the flag is on or off';
  const example = unit === 'share' ? `${value} or ${value * 100}%` : `${value} or ${value}ms`;
  return `must be ${unit === 'share' ? 'a share' : 'milliseconds'} from ${min} to ${max}, such as ${example}`;
}

/** A flag's value for people: `300 ms`, `50 %`, `on`. */
export function describeValue(name: FlagName, value: number): string {
  const { unit }: FlagSpec = flagTable[name];
  if (unit === 'switch') return 'on';
  return unit === 'share' ? describeShare(value) : `${value} ms`;
}
