import { join } from 'node:path';
import { z } from 'zod';
import { cliErrors } from './errors.ts';

const port = (fallback: number) =>
  z.coerce
    .number('must be a port')
    .int('must be a port')
    .min(0, 'must be 0 to 65535')
    .max(65_535, 'must be 0 to 65535')
    .default(fallback);

const notYet = <const Name extends string>(name: Name) =>
  z.literal(name, `must be ${name}, the only one there is so far`).default(name);

/** Every setting of the local platform: environment variables, their rules and defaults. */
const environmentSchema = z.object({
  BURNLINE_API_PORT: port(8080),
  BURNLINE_INGEST_PORT: port(8081),
  BURNLINE_DATA_DIR: z.string().min(1, 'must name a folder').default('.burnline'),
  BURNLINE_API_KEYS: z.string().default(''),
  BURNLINE_REQUESTS_PER_SECOND_MAX: z.coerce.number('must be a number').positive('must be above 0').optional(),
  WAREHOUSE: notYet('sqlite'),
  TOPIC: z.enum(['local', 'pubsub'], 'must be local or pubsub').default('local'),
  GOOGLE_CLOUD_PROJECT: z.string().optional(),
  PUBSUB_EMULATOR_HOST: z.string().optional(),
  PUSH_AUTH: z.enum(['none', 'oidc', 'iam'], 'must be none, oidc or iam').default('none'),
  PUSH_AUDIENCE: z.string().optional(),
  PUSH_SERVICE_ACCOUNT: z.string().optional(),
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
    dataFolder: values.BURNLINE_DATA_DIR,
    warehousePath: join(values.BURNLINE_DATA_DIR, 'warehouse.sqlite'),
    topic: topicSettings(values),
    apiKeys: values.BURNLINE_API_KEYS.split(',')
      .map(key => key.trim())
      .filter(key => key !== ''),
    ...(values.BURNLINE_REQUESTS_PER_SECOND_MAX && { requestsPerSecondMax: values.BURNLINE_REQUESTS_PER_SECOND_MAX }),
    pushAuth: {
      mode: values.PUSH_AUTH,
      ...(values.PUSH_AUDIENCE && { audience: values.PUSH_AUDIENCE }),
      ...(values.PUSH_SERVICE_ACCOUNT && { serviceAccount: values.PUSH_SERVICE_ACCOUNT }),
      env,
    },
  };
}

function topicSettings(values: z.output<typeof environmentSchema>) {
  if (values.TOPIC === 'local') return { kind: 'local', path: join(values.BURNLINE_DATA_DIR, 'topic.sqlite') } as const;
  const onEmulator = values.PUBSUB_EMULATOR_HOST !== undefined;
  const projectId = values.GOOGLE_CLOUD_PROJECT ?? (onEmulator ? 'local' : undefined);
  if (projectId === undefined) {
    throw cliErrors.error(
      'setting_invalid',
      'GOOGLE_CLOUD_PROJECT must name the project of the topic where TOPIC=pubsub',
    );
  }
  return { kind: 'pubsub', projectId, onEmulator } as const;
}
