import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import type { Logger } from '../../telemetry/log.ts';
import { createFaults } from '../faults/faults.ts';
import type { Observe, Wrap } from '../parts/part.ts';
import type { Platform } from '../platform.ts';
import type { Settings } from '../settings.ts';
import { createCloudRun } from './cloud-run.ts';
import { startLocalMonitoring } from './monitoring.ts';
import { paceOf } from './pace.ts';
import { createPubSub } from './pubsub.ts';
import { type Place, startReporting } from './reporting.ts';
import { serviceNames, serviceOf } from './services.ts';
import { runTraffic } from './traffic.ts';
import { createUptimeChecks } from './uptime.ts';

/** What stands around a local platform in the place of Google Cloud: monitoring, what Google reports, failure flags, users. */
export type Local = {
  /** For `startTelemetry`. */
  telemetry: { beforeExport(): void; serviceOf(metricName: string): string };
  /** For `startPlatform`. */
  wrap: Wrap;
  observe: Observe;
  /** Begins to report and to send traffic, once the platform runs. */
  follow(platform: Platform): Promise<{ url: string }>;
  /** Ends users and reports. */
  quiet(): Promise<void>;
  /** Ends the rest, after the platform and its telemetry. */
  stop(): Promise<void>;
};

const ROOT = join(import.meta.dirname, '../..');
/** Where our own specs have the platform run. */
const PLACE: Place = { project: 'local', location: 'us-central1' };
const SEED = 1;

/** Starts it. OpenTelemetry's variables that are not set are set to send to it, from the place that the specs name. */
export async function startLocal(options: {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  log: Logger;
  hasTraffic: boolean;
  hasDemo: boolean;
  /** Whether samples and their delays are as they are on Google Cloud. */
  asGoogle: boolean;
}): Promise<Local> {
  const { settings, env, log, hasTraffic, hasDemo, asGoogle } = options;
  const { monitoringPort: port, dataFolder, apiKeys, logLevel } = settings;
  const clock = systemClock;
  const faults = createFaults({ settings, env });
  const { flags } = faults;
  const starting = startLocalMonitoring({
    data: {
      ...{ port, place: PLACE, specsRoot: ROOT, asGoogle, folder: join(dataFolder, 'monitoring') },
      logLevel,
      ...(hasDemo && { demoSeed: SEED }),
    },
    ...{ flags, log },
  });
  // Told where it is waited for.
  starting.catch(() => {});
  // While a history is loaded nobody answers there.
  const url = port === 0 || hasDemo ? (await starting).url : `http://127.0.0.1:${port}`;
  env.OTEL_EXPORTER_OTLP_ENDPOINT ||= url;
  const sampleMs = paceOf(asGoogle).sampleSeconds * 1000;
  env.OTEL_METRIC_EXPORT_INTERVAL ||= String(sampleMs);
  env.OTEL_RESOURCE_ATTRIBUTES ||= `cloud.region=${PLACE.location}`;
  const cloudRun = createCloudRun({ ...PLACE, clock });
  const leaving = new AbortController();
  const running: Promise<void>[] = [];

  return {
    telemetry: { beforeExport: faults.beforeExport, serviceOf },
    wrap: faults.wrap,
    observe: (part, handler) => (part === 'worker' ? handler : cloudRun.observe(serviceNames[part], handler)),
    async follow({ listening: { api, ingest }, embedded }) {
      const { report, uptimeChecks } = await starting;
      const subscriptions = embedded ? [embedded.subscription, embedded.deadLetterSubscription] : [];
      const sources = [
        cloudRun,
        createPubSub({ project: PLACE.project, clock, subscriptions }),
        ...(api ? [createUptimeChecks({ checks: uptimeChecks, url: api.url, clock })] : []),
      ];
      const reporting = startReporting({ sources, report, log, clock, everyMs: sampleMs });
      leaving.signal.addEventListener('abort', () => running.push(reporting.stop()));
      if (hasTraffic && api && ingest) {
        const urls = {
          api: api.url,
          publish: `${ingest.url}/v1/projects/${PLACE.project}/topics/${settings.topic.names.topic}:publish`,
        };
        const poisonShare = () => flags.value('poison-messages') ?? 0;
        const [apiKey] = apiKeys;
        running.push(runTraffic({ urls, signal: leaving.signal, seed: SEED, clock, poisonShare, apiKey }));
      }
      return { url };
    },
    async quiet() {
      leaving.abort();
      await Promise.all(running);
    },
    stop: async () => (await starting).stop(),
  };
}
