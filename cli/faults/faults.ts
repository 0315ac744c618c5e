import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../../base/clock.ts';
import { cliErrors } from '../errors.ts';
import type { Wrap } from '../parts/part.ts';
import type { Settings } from '../settings.ts';
import { createApiFaults } from './api.ts';
import { createFlags, type Flags } from './flags.ts';
import { signsOfCloud } from './is-local.ts';
import { withReaderFaults, withWarehouseFaults } from './warehouse.ts';

/** Failure flags, and what puts them between a platform and its parts. */
export type Faults = {
  flags: Flags;
  /** For `startPlatform`. */
  wrap: Required<Wrap>;
  /** For `startTelemetry`: throws while telemetry is dropped. */
  beforeExport(): void;
};

/**
 * The failure flags of the local platform. Throws `flags_not_local` on Cloud Run, and where a store or the topic is Google's own.
 *
 * @param options.random from 0 to 1, below 1: which requests are hit
 */
export function createFaults(options: {
  settings: Pick<Settings, 'warehouse' | 'topic'>;
  env: NodeJS.ProcessEnv;
  clock?: Clock;
  random?: () => number;
  wait?: (ms: number) => Promise<void>;
}): Faults {
  const { settings, env, clock = systemClock, random = Math.random, wait = delay } = options;
  const signs = signsOfCloud(settings, env);
  if (signs.length > 0) {
    throw cliErrors.error(
      'flags_not_local',
      `failure flags are for the local platform only, and ${signs.join(' and ')}`,
    );
  }
  const flags = createFlags({ clock });
  return {
    flags,
    wrap: {
      warehouse: warehouse => withWarehouseFaults(warehouse, { flags, wait }),
      reader: reader => withReaderFaults(reader, flags),
      api: routes => createApiFaults({ flags, random, wait, routes }),
    },
    beforeExport() {
      if (flags.value('dropped-telemetry') === undefined) return;
      throw new Error('Telemetry is dropped on purpose: dropped-telemetry is on');
    },
  };
}
