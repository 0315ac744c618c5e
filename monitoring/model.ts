// What Cloud Monitoring holds: series of points. Times are milliseconds since the Unix epoch.
// @see https://cloud.google.com/monitoring/api/v3/kinds-and-types

import type { Ends } from './ends.ts';

export type MetricKind = 'GAUGE' | 'DELTA' | 'CUMULATIVE';
export type ValueType = 'BOOL' | 'INT64' | 'DOUBLE' | 'STRING' | 'DISTRIBUTION';

export type Labels = Readonly<Record<string, string>>;

/** How values fall into buckets: one count more than there are bounds, each bucket up to and without its bound. */
export type Distribution = {
  count: number;
  sum: number;
  bounds: readonly number[];
  /** `bounds.length + 1` counts, from the lowest bucket on. */
  counts: readonly number[];
};

export type Value = number | boolean | string | Distribution;

/**
 * One point. A gauge's start is its end. A delta covers the time after its start until its end; a cumulative one counts from its
 * start, which moves when the count begins anew.
 */
export type Point = { startMs: number; endMs: number; value: Value };

/** What makes a series the one that it is, with what its points are. */
export type SeriesIdentity = {
  metric: { type: string; labels: Labels };
  resource: { type: string; labels: Labels };
  metricKind: MetricKind;
  valueType: ValueType;
};

/** What is written: points of one series, oldest first. */
export type SeriesWrite = { series: SeriesIdentity; unit?: string; points: readonly Point[] };

/** A series that is stored. Its number stays the same for the life of the store. */
export type Series = SeriesIdentity & { readonly id: number };

/**
 * What a point adds, whatever its kind: of a cumulative series the difference to the one before, of a gauge its value. The first
 * point of a cumulative series counts whole where it began to count within the last ten minutes, and not at all where it began
 * earlier: that is history that nobody saw.
 */
export type Increment = { series: Series; point: Point };

/**
 * Counts what points of a series add: it is told when one ends, or many, and what `read` made of what each added. That has to be in
 * proportion to the value, and of a distribution the sum of what it makes of each bucket by itself, so that many points can be read at
 * once.
 */
export type Counter = {
  read(value: Value): number;
  add(endMs: number, count: number): void;
  addAll(ends: Ends, counts: Float64Array): void;
};

/** Where points are kept. */
export type SeriesStore = {
  /** Keeps points; of what it does not keep it says why, with the index of the write. */
  write(writes: readonly SeriesWrite[]): { kept: number; refused: readonly { index: number; reason: string }[] };
  /** The series of a metric type, or all. */
  seriesOf(metricType?: string): Iterable<Series>;
  /** The points that end after `fromMs` and until `toMs`, oldest first: as they were written, cumulative ones as such. */
  read(series: Series, fromMs: number, toMs: number): Point[];
  /** The same as increments: deltas of what is cumulative. */
  readIncrements(series: Series, fromMs: number, toMs: number): Point[];
  /** Hands counters all that is kept of a series, newer points first, though not each in turn. */
  count(series: Series, counters: readonly Counter[]): void;
  /** When the newest point of a series ends, without reading the series. */
  newestMs(series: Series): number;
  /** Hears of each increment as it is kept; of series that are not followed none need be reckoned. */
  onIncrement(listener: (increment: Increment) => void, isFollowed?: (series: Series) => boolean): void;
};
