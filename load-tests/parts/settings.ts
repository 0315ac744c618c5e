/** What a run is told by environment variables. */
export type Settings = {
  /** The records API. */
  baseUrl: string;
  apiKey: string | undefined;
  /** What a private service of Cloud Run wants: an ID token. */
  bearer: string | undefined;
  /** Pub/Sub's REST publish, of the local topic or of Google's. */
  publishUrl: string;
  publishToken: string | undefined;
  /** Events a second, instead of what the script takes from the specs. */
  perSecond: number | undefined;
  /** How long the whole run sends. */
  seconds: number | undefined;
  /** Into how many steps a run of several is divided. */
  steps: number | undefined;
  seed: number;
  /** How long what was seeded is given to arrive, where several instances follow the warehouse. */
  settleSeconds: number;
  /** Where a trace is opened, with `{traceId}` in the place of its id. */
  traceUrl: string | undefined;
  resultsDir: string;
};

type Env = Readonly<Record<string, string | undefined>>;

const LOCAL_TOPIC = '/v1/projects/local/topics/data-ingestion:publish';
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Reads the settings, or throws an error that names the variable, its value and the rule. An empty variable is an unset one. */
export function readSettings(env: Env): Settings {
  const text = (name: string) => env[name] || undefined;
  const url = (name: string) => text(name)?.replace(/\/+$/, '');
  const whole = (name: string) => read(env, name, /^\d{1,9}$/, Number, 'a whole number above 0');
  const positive = (name: string) => read(env, name, /^\d*\.?\d+$/, Number, 'a number above 0');
  return {
    baseUrl: url('BASE_URL') ?? 'http://127.0.0.1:8080',
    apiKey: text('API_KEY'),
    bearer: text('ID_TOKEN'),
    publishUrl: text('PUBLISH_URL') ?? `${url('INGEST_URL') ?? 'http://127.0.0.1:8081'}${LOCAL_TOPIC}`,
    publishToken: text('PUBLISH_TOKEN'),
    perSecond: positive('RATE'),
    seconds: read(env, 'DURATION', /^\d*\.?\d+(ms|s|m|h)$/, toSeconds, 'a duration such as 30s, 10m or 2h'),
    steps: whole('STEPS'),
    seed: whole('SEED') ?? 1,
    settleSeconds: positive('SETTLE_SECONDS') ?? 0,
    traceUrl: text('TRACE_URL'),
    resultsDir: url('RESULTS_DIR') ?? import.meta.resolve('../results').replace('file://', ''),
  };
}

function toSeconds(text: string): number {
  const [, amount, unit = ''] = /^(.*\d)(\D+)$/.exec(text) ?? [];
  return Number(amount) * (SECONDS[unit] ?? 0);
}

function read(env: Env, name: string, form: RegExp, convert: (text: string) => number, rule: string) {
  const text = env[name];
  if (!text) return undefined;
  const value = form.test(text) ? convert(text) : 0;
  if (value > 0) return value;
  throw new Error(`${name} must be ${rule}, not "${text}"`);
}
