// The local Cloud Monitoring on the folder named by BENCH_FOLDER, in a process of its own. Sends its address once it listens.
import module from 'node:module';
import { systemClock } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';

// As in the thread of `burnline up`.
module.enableCompileCache();
const { startMonitoring } = await import('../monitoring/start.ts');
const { createLogger } = await import('../telemetry/log.ts');
const { listening } = await startMonitoring({
  ...{ folder: process.env.BENCH_FOLDER ?? '', port: 0, project: 'local', clock: systemClock, newId: randomId },
  log: createLogger({ service: 'bench', level: 'error' }),
  evaluateEveryMs: 15_000,
});
process.on('disconnect', () => process.exit(0));
process.send?.(listening.url);
