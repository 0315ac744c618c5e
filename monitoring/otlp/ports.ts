/** A value as JSON has it. Whole numbers beyond 2^53 are texts of their digits, and bytes are base64. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Attributes = Readonly<Record<string, Json>>;

/** Who said it. */
type Source = {
  /** `service.name` of the resource; empty where it has none. */
  service: string;
  resource: Attributes;
  /** The instrumentation scope's name; empty where it has none. */
  scope: string;
};

/** A span as it was taken in. Ids are lower-case hex; times are milliseconds since the epoch, with microseconds as decimals. */
export type Span = Source & {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: 'UNSPECIFIED' | 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  startMs: number;
  endMs: number;
  status: { code: 'UNSET' | 'OK' | 'ERROR'; message: string };
  attributes: Attributes;
  events: readonly { atMs: number; name: string; attributes: Attributes }[];
  links: readonly { traceId: string; spanId: string; attributes: Attributes }[];
};

/** A log entry as it was taken in. */
export type LogEntry = Source & {
  /** When it was said; where it does not tell, when it was seen, or else when it came. */
  atMs: number;
  /** As Cloud Logging names it: `DEFAULT`, `DEBUG`, `INFO`, `NOTICE`, `WARNING`, `ERROR`, `CRITICAL`, `ALERT`, `EMERGENCY`. */
  severity: string;
  body: Json;
  attributes: Attributes;
  traceId?: string;
  spanId?: string;
};

/** Where spans, or log entries, are kept for a while. */
export type Keeper<Item> = {
  /** Keeps items, and lets the oldest go where there is no room for all. */
  keep(items: readonly Item[]): void;
  /** What is kept of a trace, in the order in which it came. */
  ofTrace(traceId: string): Item[];
  /** The last to come, newest first: those that fit. */
  newest(options: { limit: number; where?: (item: Item) => boolean }): Item[];
  /** How many are kept, their bytes as JSON, and how many were let go. */
  state(): { items: number; bytes: number; dropped: number };
};
