// A local Cloud Monitoring without any resources, on the folder that is named, in a process of its own: Terraform is waited for
// by the one that runs it. Prints its URL.
import { systemClock } from '../../base/clock.ts';
import { randomId } from '../../base/ids.ts';
import { startMonitoring } from '../../monitoring/start.ts';
import { createLogger } from '../../telemetry/log.ts';

const [, , folder = '', project = ''] = process.argv;
const log = createLogger({ service: 'cloud-monitoring', level: 'warn' });
const { listening } = await startMonitoring({
  ...{ folder, port: 0, project, clock: systemClock, newId: randomId, log },
  evaluateEveryMs: 15_000,
});
process.stdout.write(listening.url);
