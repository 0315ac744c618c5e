import type { Settings } from '../settings.ts';

/** Whether a platform runs on this machine alone: embedded, or on emulators. */
export function isLocal(settings: Pick<Settings, 'warehouse' | 'topic'>, env: NodeJS.ProcessEnv): boolean {
  return signsOfCloud(settings, env).length === 0;
}

/** What of a platform is not on this machine, for people. */
export function signsOfCloud(
  { warehouse, topic }: Pick<Settings, 'warehouse' | 'topic'>,
  env: NodeJS.ProcessEnv,
): string[] {
  return [
    ...(env.K_SERVICE ? [`K_SERVICE is ${env.K_SERVICE}`] : []),
    ...(warehouse.kind === 'bigquery' && !warehouse.emulator ? ['WAREHOUSE is bigquery'] : []),
    ...(topic.kind === 'pubsub' && !topic.onEmulator ? ['TOPIC is pubsub'] : []),
  ];
}
