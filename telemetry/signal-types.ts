/** An attribute of a metric: its allowed values, or what kind of open value it takes. */
export type AttributeSpec = {
  values: readonly string[] | 'text' | 'integer';
  /** Whether a point may lack it. */
  optional?: true;
};

/** What is known of one metric that we emit. */
export type Signal = {
  /** As it is sent. */
  name: string;
  /** In UCUM: `s`, `By`, `{message}`. */
  unit: string;
  kind: 'counter' | 'histogram' | 'gauge';
  attributes: Readonly<Record<string, AttributeSpec>>;
  /** What it counts or measures, and what for: the metric's description. */
  why: string;
};

type ValueOf<Spec extends AttributeSpec> = Spec['values'] extends readonly (infer Value)[]
  ? Value
  : Spec['values'] extends 'integer'
    ? number
    : string;

type Specs = Readonly<Record<string, AttributeSpec>>;
type OptionalKeys<S extends Specs> = { [K in keyof S]: S[K] extends { optional: true } ? K : never }[keyof S];

/** The attributes that a point of the metric must and may carry. */
export type AttributesOf<S extends Signal> = keyof S['attributes'] extends never
  ? Record<string, never>
  : { [K in Exclude<keyof S['attributes'], OptionalKeys<S['attributes']>>]: ValueOf<S['attributes'][K]> } & {
      [K in OptionalKeys<S['attributes']>]?: ValueOf<S['attributes'][K]>;
    };

// OpenTelemetry's own types let every attribute be forgotten.
type AttributeArguments<S extends Signal> =
  Record<string, never> extends AttributesOf<S> ? [attributes?: AttributesOf<S>] : [attributes: AttributesOf<S>];

/** A gauge that is read when metrics are collected. */
export type ObservedGauge = {
  /** Has `read` called at each collection; nothing is sent where it answers `undefined`. */
  observe(read: () => number | undefined | Promise<number | undefined>): void;
};

/** What records a metric: a counter, a histogram or an observed gauge, with the attributes that the registry names. */
export type InstrumentOf<S extends Signal> = S['kind'] extends 'counter'
  ? { add(increment: number, ...attributes: AttributeArguments<S>): void }
  : S['kind'] extends 'histogram'
    ? { record(value: number, ...attributes: AttributeArguments<S>): void }
    : ObservedGauge;
