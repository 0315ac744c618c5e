// The local Cloud Monitoring, in a thread of its own so that it does not spoil the latency that it measures.
import module from 'node:module';
import os from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { compile } from '../../exports/compile.ts';
import { delaysOf } from '../../monitoring/delay.ts';
import { startMonitoring } from '../../monitoring/start.ts';
import { loadSpecs } from '../../slo/spec-files/load.ts';
import { createLogger } from '../../telemetry/log.ts';
import { createFlags } from '../faults/flags.ts';
import { createFlagsHandler } from '../faults/handler.ts';
import { demoHistory } from './demo.ts';
import type { MonitoringData } from './monitoring.ts';
import type { FromMonitoring, ToMonitoring } from './monitoring-thread.ts';
import { paceOf } from './pace.ts';
import { createReportWriter } from './report-writer.ts';
import { watchedMetrics } from './watched.ts';

// Imported by anything else, it does nothing.
if (parentPort) {
  module.enableCompileCache();
  const tell = tellTo(parentPort);
  start(parentPort, workerData as MonitoringData).catch(error => tell({ failed: messageOf(error) }));
}

function tellTo(port: MessagePort) {
  return (message: FromMonitoring) => port.postMessage(message);
}

async function start(port: MessagePort, data: MonitoringData): Promise<void> {
  const { place, specsRoot, folder, asGoogle, demoSeed, logLevel } = data;
  const tell = tellTo(port);
  const log = createLogger({ service: 'cloud-monitoring', level: logLevel });
  const { resources, catalogue } = compile(await loadSpecs({ root: specsRoot }), {
    ...{ project: place.project, nameSuffix: '' },
  });
  const { uptimeChecks } = resources;
  const flags = createFlags({ clock: systemClock });
  for (const { name, value, offInSeconds } of data.flagsOn) flags.set(name, value, offInSeconds);
  flags.onChange(flag => tell({ flag }));
  const handleFlags = createFlagsHandler({ flags, asGoogle });
  const monitoring = await startMonitoring({
    ...{ folder, port: data.port, project: place.project, clock: systemClock, newId: randomId },
    log,
    evaluateEveryMs: paceOf(asGoogle).evaluationSeconds * 1000,
    ...(asGoogle && { delayOf: delaysOf(watchedMetrics(catalogue)) }),
    answer(req, res) {
      if (!/^\/flags(?:[/?]|$)/.test(req.url ?? '')) return false;
      handleFlags(req, res);
      return true;
    },
  });
  const writeReport = createReportWriter({ write: monitoring.write, log });
  port.on('message', async (message: ToMonitoring) => {
    if (message === 'stop') {
      await monitoring.stop();
      tell('stopped');
    } else {
      writeReport(message);
    }
  });
  for (const [kind, all] of [
    ['services', resources.services],
    ['serviceLevelObjectives', resources.objectives],
    ['notificationChannels', resources.channels],
    ['uptimeCheckConfigs', resources.uptimeChecks],
    ['alertPolicies', resources.policies],
    ['dashboards', resources.dashboards],
  ] as const) {
    for (const json of all) monitoring.put(kind, json);
  }
  if (demoSeed !== undefined) {
    const isLoaded = monitoring.load(demoHistory({ ...place, uptimeChecks, nowMs: systemClock.now(), seed: demoSeed }));
    if (!isLoaded)
      log.warn(
        { folder },
        'No history was added: the data folder has telemetry already. Name an empty one in BURNLINE_DATA_DIR',
      );
  }
  giveWay();
  tell({ ready: { url: monitoring.listening.url, uptimeChecks } });
}

/** The services that are measured come first where processors are short. Only on Linux does a thread have a priority of its own. */
function giveWay(): void {
  if (process.platform === 'linux') os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}
