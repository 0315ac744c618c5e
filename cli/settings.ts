import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { topicNames, topicNamesOf } from '../records/topic-names.ts';
import { cliErrors } from './errors.ts';

const port = z
  .string()
  .regex(/^\d+$/, 'must be a port')
  .transform(Number)
  .pipe(z.number().max(65_535, 'must be 0 to 65535'));

const address = z
  .string()
  .refine(text => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an address such as https://example.com');

const bytes = (fallback: number) =>
  z.coerce.number('must be bytes').int('must be bytes').min(1_048_576, 'must be at least 1048576').default(fallback);

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Every setting of the platform: environment variables, their rules and defaults. */
const environmentSchema = z.object({
  BURNLINE_API_PORT: port.default(8080),
  BURNLINE_INGEST_PORT: port.default(8081),
  BURNLINE_MONITORING_PORT: port.default(8090),
  BURNLINE_DATA_DIR: z.string().min(1, 'must name a folder').default('.burnline'),
  BURNLINE_API_KEYS: z.string().default(''),
  BURNLINE_OPERATOR_KEYS: z.string().default(''),
  BURNLINE_REQUESTS_PER_SECOND_MAX: z.coerce.number('must be a number').positive('must be above 0').optional(),
  BURNLINE_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('warn'),
  // OpenTelemetry reads them itself, and would only warn of one to which nothing can be sent.
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: address.optional(),
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: address.optional(),
  PORT: port.optional(),
  ENVIRONMENT: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,19}$/, 'must be a short name in small letters, such as staging')
    .optional(),
  WAREHOUSE: z.enum(['sqlite', 'bigquery'], 'must be sqlite or bigquery').default('sqlite'),
  BIGQUERY_EMULATOR_HOST: z.string().optional(),
  BIGQUERY_STORAGE_EMULATOR_HOST: z.string().optional(),
  READS: z.enum(['replica', 'direct'], 'must be replica or direct').default('replica'),
  REPLICA_SNAPSHOT: z.string().optional(),
  REPLICA_BYTES_MAX: bytes(4_294_967_296),
  REPLICA_FOLLOW_SECONDS: z.coerce
    .number('must be seconds')
    .min(0.1, 'must be at least 0.1')
    .max(
      limits.replica_age_ms_max / 2000,
      `must be at most ${limits.replica_age_ms_max / 2000}, or reads are not fresh`,
    )
    .default(10),
  TOPIC: z.enum(['local', 'pubsub'], 'must be local or pubsub').default('local'),
  GOOGLE_CLOUD_PROJECT: z.string().optional(),
  PUBSUB_EMULATOR_HOST: z.string().optional(),
  PUSH_AUTH: z.enum(['none', 'oidc', 'iam'], 'must be none, oidc or iam').default('none'),
  PUSH_AUDIENCE: z.string().optional(),
  PUSH_SERVICE_ACCOUNT: z.string().optional(),
  BURNLINE_API_KEY: z.string().optional(),
  PROBE_API_URL: address.transform(text => text.replace(/\/+$/, '')).optional(),
  PROBE_AUDIENCE: z.string().optional(),
  PROBE_ID_TOKEN: z.string().optional(),
  PROBE_EVERY_SECONDS: z.coerce
    .number('must be seconds')
    .min(1, 'must be at least 1')
    .max(3600, 'must be at most 3600')
    .default(60),
  K_REVISION: z.string().optional(),
});

export type Settings = ReturnType<typeof readSettings>;

/** Reads the settings, or throws `setting_invalid` naming the variable, its value and the rule. An empty variable is an unset one. */
export function readSettings(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const said = parsed.error.issues.map(
      ({ path: [name], message }) => `${String(name)} ${message}, not "${given[String(name)]}"`,
    );
    throw cliErrors.error('setting_invalid', said.join('; '));
  }
  const values = parsed.data;
  return {
    apiPort: values.BURNLINE_API_PORT,
    ingestPort: values.BURNLINE_INGEST_PORT,
    monitoringPort: values.BURNLINE_MONITORING_PORT,
    logLevel: values.BURNLINE_LOG_LEVEL,
    dataFolder: values.BURNLINE_DATA_DIR,
    ...(values.PORT !== undefined && { servicePort: values.PORT }),
    warehouse: warehouseSettings(values),
    topic: topicSettings(values),
    apiKeys: keysOf(values.BURNLINE_API_KEYS),
    operatorKeys: keysOf(values.BURNLINE_OPERATOR_KEYS),
    ...(values.BURNLINE_REQUESTS_PER_SECOND_MAX && { requestsPerSecondMax: values.BURNLINE_REQUESTS_PER_SECOND_MAX }),
    pushAuth: {
      mode: values.PUSH_AUTH,
      ...(values.PUSH_AUDIENCE && { audience: values.PUSH_AUDIENCE }),
      ...(values.PUSH_SERVICE_ACCOUNT && { serviceAccount: values.PUSH_SERVICE_ACCOUNT }),
      env,
    },
    probe: {
      // Cloud Run's name for it: an instance that takes over from another goes on with its records.
      name: values.K_REVISION,
      apiUrl: values.PROBE_API_URL,
      apiKey: values.BURNLINE_API_KEY,
      audience: values.PROBE_AUDIENCE,
      idToken: values.PROBE_ID_TOKEN,
      everyMs: values.PROBE_EVERY_SECONDS * 1000,
    },
  };
}

function keysOf(list: string): string[] {
  return list
    .split(',')
    .map(key => key.trim())
    .filter(key => key !== '');
}

type Values = z.output<typeof environmentSchema>;

function topicSettings(values: Values) {
  if (values.TOPIC === 'local') {
    return { kind: 'local', path: join(values.BURNLINE_DATA_DIR, 'topic.sqlite'), names: topicNames } as const;
  }
  const onEmulator = values.PUBSUB_EMULATOR_HOST !== undefined;
  const names = topicNamesOf(values.ENVIRONMENT);
  return { kind: 'pubsub', projectId: projectOf(values, 'TOPIC=pubsub', onEmulator), names, onEmulator } as const;
}

function warehouseSettings(values: Values) {
  if (values.WAREHOUSE === 'sqlite') {
    return { kind: 'sqlite', path: join(values.BURNLINE_DATA_DIR, 'warehouse.sqlite') } as const;
  }
  const emulator = bigQueryEmulator(values);
  const dataset = ['latam', ...(values.ENVIRONMENT ? [values.ENVIRONMENT] : [])].join('_');
  return {
    kind: 'bigquery',
    dataset: { projectId: projectOf(values, 'WAREHOUSE=bigquery', emulator !== undefined), dataset },
    emulator,
    reads: values.READS,
    replica: {
      path: join(values.BURNLINE_DATA_DIR, 'replica.sqlite'),
      bytesMax: values.REPLICA_BYTES_MAX,
      followMs: values.REPLICA_FOLLOW_SECONDS * 1000,
      snapshot: values.REPLICA_SNAPSHOT,
    },
  } as const;
}

function projectOf({ GOOGLE_CLOUD_PROJECT }: Values, setting: string, onEmulator: boolean): string {
  const projectId = GOOGLE_CLOUD_PROJECT ?? (onEmulator ? 'local' : undefined);
  if (projectId !== undefined) return projectId;
  throw cliErrors.error('setting_invalid', `GOOGLE_CLOUD_PROJECT must name the project where ${setting}`);
}

/** The emulator's REST address, and its gRPC one, which is ten ports further where nothing says otherwise. */
function bigQueryEmulator({ BIGQUERY_EMULATOR_HOST: rest, BIGQUERY_STORAGE_EMULATOR_HOST: grpc }: Values) {
  if (rest === undefined) return undefined;
  const url = URL.parse(rest.includes('://') ? rest : `http://${rest}`);
  if (!url) {
    throw cliErrors.error(
      'setting_invalid',
      `BIGQUERY_EMULATOR_HOST must be an address such as http://127.0.0.1:9050, not "${rest}"`,
    );
  }
  return { restUrl: url.origin, grpcHost: grpc ?? `${url.hostname}:${Number(url.port) + 10}` };
}
