// The local Cloud Monitoring on the folder named by BENCH_FOLDER, in a process of its own. Sends its address once it listens.
import { systemClock } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import { startMonitoring } from '../monitoring/start.ts';
import { createLogger } from '../telemetry/log.ts';

const { listening } = await startMonitoring({
  ...{ folder: process.env.BENCH_FOLDER ?? '', port: 0, project: 'local', clock: systemClock, newId: randomId },
  log: createLogger({ service: 'bench', level: 'error' }),
  evaluateEveryMs: 15_000,
});
process.on('disconnect', () => process.exit(0));
process.send?.(listening.url);
