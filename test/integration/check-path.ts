import { systemClock } from '../../base/clock.ts';
import { openWalk } from '../../cli/parts/prober.ts';
import { readSettings } from '../../cli/settings.ts';
import { describeWalked } from '../../prober/walk.ts';
import type { Telemetry } from '../../telemetry/start.ts';

/** How it ended, as an exit code: 0 as it should be, 2 the API does not serve what the table holds, 3 not readable in time. */
export type Verdict = { code: 0 | 2 | 3; sentences: string[] };

const CODES = { ok: 0, wrong: 2, late: 3 } as const;

/**
 * Walks the path that the environment names: records are made, a poison message where asked for, then the records are updated.
 * What was published is erased however it ends; what could not be is said. Throws where the path cannot be walked at all.
 */
export async function checkPath(options: {
  env: NodeJS.ProcessEnv;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
  hasPoison: boolean;
  deadlineMs: number;
  graceMs?: number;
  say(line: string): void;
  /** Breaks it off, but for the erasure. */
  signal?: AbortSignal;
}): Promise<Verdict> {
  const { signal: never } = new AbortController();
  const { env, hasPoison, say, signal = never, ...limits } = options;
  const { walk, api, prefix, close } = await openWalk({ ...limits, settings: readSettings(env), clock: systemClock });
  const steps = [
    { what: 'New records', fine: 'served as published', step: walk.round },
    ...(hasPoison ? [{ what: 'A poison message', fine: 'a dead letter with its bytes', step: walk.poison }] : []),
    { what: 'Updated records', fine: 'served as published', step: walk.round },
  ];
  try {
    // Nothing is published for an API that is not there.
    await api.get(prefix, signal);
  } catch (error) {
    await close();
    throw error;
  }
  try {
    say(`Ids begin with ${prefix}`);
    for (const { what, fine, step } of steps) {
      const walked = await step(signal);
      const { outcome, readableSeconds } = walked;
      say(`${what}: ${outcome === 'ok' ? fine : outcome} after ${readableSeconds.toFixed(1)} s`);
      if (outcome !== 'ok') return { code: CODES[outcome], sentences: describeWalked(walked) };
    }
    return { code: 0, sentences: [] };
  } finally {
    const left = await walk.erase(never);
    for (const { id, reason } of left) say(`NOT ERASED: ${id}: ${reason}`);
    if (left.length === 0) say('Erased all that was published');
    await close();
  }
}
