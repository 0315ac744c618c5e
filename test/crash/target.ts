// The platform as `burnline up` runs it, with a warehouse that can be told to fail. The harness talks to it by IPC.

import { startPlatform } from '../../cli/platform.ts';
import { readSettings } from '../../cli/settings.ts';
import type { Warehouse } from '../../records/warehouse.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry } from '../../telemetry/start.ts';

export type Fault = 'none' | 'append_errors' | 'append_unanswered';

let fault: Fault = 'none';

function withFaults(warehouse: Warehouse): Warehouse {
  return {
    ...warehouse,
    async append(events) {
      if (fault === 'append_errors') throw new Error('The warehouse is down (injected)');
      const errors = await warehouse.append(events);
      if (fault !== 'append_unanswered') return errors;
      // A batch is the pull worker's, which has to append it again; a single write's client was told that it failed.
      if (events.length > 1) process.send?.('unanswered');
      return new Promise(() => {});
    },
  };
}

const telemetry = await startTelemetry({ service: 'burnline-crash-target' });
const log = createLogger({ service: 'burnline-crash-target', level: 'fatal' });
const platform = await startPlatform({
  settings: readSettings(process.env),
  telemetry,
  log,
  wrap: { warehouse: withFaults },
});

process.on('message', message => {
  if (message === 'stop') void platform.stop().then(() => process.exit(0));
  else fault = message as Fault;
});
process.on('disconnect', () => process.exit(1));
process.send?.('ready');
