import { compared, type Fact, notSettled } from '../fact.ts';
import type { World } from '../world.ts';
import {
  askForPolicy,
  askForService,
  askForSlo,
  filtersOf,
  makeCounter,
  makeSlo,
  pointsOf,
} from './monitoring-requests.ts';

const DAY_SECONDS = 86_400;
const LOOK_BACKS_DAYS = [1, 3, 7, 28];
const STREAMS = ['busy', 'flat', 'absent'] as const;

/** What Cloud Monitoring makes of services, SLOs and burn rates. */
export const sloFacts: readonly Fact[] = [
  {
    id: 'slo-before-metric',
    question: 'Can an SLO be made before its metric exists?',
    believed: 'No: the metrics come first, and `burnline generate --preflight` lists them',
    dependsOn: ['cli/generate/preflight.ts', 'exports/terraform/resources.ts'],
    does: 'Asks for an SLO on a metric that nobody has ever written.',
    setting: 'None; an apply on an empty project is enough, without the preflight',
    async settle(world) {
      const service = await askForService(world, 'early');
      if (!service.taken) return notSettled(`The service was ${service.said}`);
      const type = `prometheus.googleapis.com/${world.run}.never/counter`;
      const total = `metric.type="${type}" AND resource.type="prometheus_target"`;
      const good = `${total} AND metric.labels.outcome="good"`;
      const { taken, said } = await askForSlo(world, 'early', { good, total });
      return compared(!taken, said);
    },
  },
  {
    id: 'service-type-cloud-run',
    question: 'How is a Cloud Run service named as a basic service?',
    believed: '`serviceType` is `CLOUD_RUN`, with the labels `service_name` and `location`',
    dependsOn: ['slo/service.ts', 'slo/compile.ts', 'exports/terraform/resources.ts'],
    does: 'Asks for such a service.',
    setting: '`basic` of `cloudRun` in `slo/service.ts`, then `burnline generate`',
    async settle(world) {
      const serviceLabels = { service_name: world.run, location: world.location };
      const basicService = { serviceType: 'CLOUD_RUN', serviceLabels };
      const { taken, said } = await askForService(world, 'basic', { basicService });
      return compared(taken, said);
    },
  },
  {
    id: 'burn-rate-look-back',
    question: 'What is the longest look-back of `select_slo_burn_rate` in an alert?',
    believed: 'One day; a longer tier is PromQL over the raw counters',
    dependsOn: ['slo/tiers.ts', 'alerts/burn.ts'],
    does: `Makes an SLO, and asks for policies that are not enabled, with look-backs of ${LOOK_BACKS_DAYS.join(', ')} days.`,
    setting: '`NATIVE_WINDOW_SECONDS_MAX` in `slo/tiers.ts`',
    async settle(world) {
      const slo = await makeSlo(world, 'look-back', filtersOf(await makeCounter(world, 'look-back'), 'any'));
      const answers = await Promise.all(
        LOOK_BACKS_DAYS.map(days => {
          const filter = `select_slo_burn_rate("${slo}", "${days * DAY_SECONDS}s")`;
          const threshold = { filter, comparison: 'COMPARISON_GT', thresholdValue: 10, duration: '0s' };
          return askForPolicy(world, { conditionThreshold: threshold });
        }),
      );
      const said = answers.map((answer, n) => `${LOOK_BACKS_DAYS[n]} d ${answer.said}`);
      return compared(
        answers.every(({ taken }, n) => taken === (LOOK_BACKS_DAYS[n] === 1)),
        said.join(', '),
      );
    },
  },
  {
    id: 'burn-rate-at-zero-traffic',
    question: 'What does `select_slo_burn_rate` give where there is no traffic?',
    believed: 'No point, neither where a counter stands still nor where it is missing; an alert on absence says so',
    dependsOn: ['alerts/causes.ts', 'alerts/compile.ts', 'slo/tiers.ts'],
    does: 'Makes SLOs on a counter that rises, one that stands still and one that is never written, writes for some minutes and reads their burn rates.',
    setting: '`absentAfter` of `burnRateAlerts`: where there is a point, a burn of 0 hides that nothing comes',
    msMax: 480_000,
    async settle(world) {
      const type = await makeCounter(world, 'traffic');
      const slos = await Promise.all(STREAMS.map(stream => makeSlo(world, stream, filtersOf(type, stream))));
      const startTime = new Date(world.now() - 1000).toISOString();
      let rounds = 0;
      let sinceBusy = 0;
      const burns = await world.poll(async () => {
        rounds += 1;
        await write(world, type, startTime, { busy: rounds * 10, flat: 0 });
        const read = await Promise.all(slos.map(slo => pointsOf(world, `select_slo_burn_rate("${slo}", "60s")`)));
        if (read[0]?.length) sinceBusy += 1;
        // The others may come a little later than the first.
        return sinceBusy === 3 ? read : undefined;
      }, 30_000);
      if (!burns) return notSettled('Even with traffic there was no burn rate in the time');
      const newest = burns.map(([point]) => point?.value.doubleValue ?? 'no point');
      const observed = STREAMS.map((stream, n) => `${stream}: ${newest[n]}`).join(', ');
      return compared(!burns[1]?.length && !burns[2]?.length, observed);
    },
  },
];

/** Writes a point for each stream: as many good events as it has had, and none that was bad. */
async function write(world: World, type: string, startTime: string, events: Record<string, number>): Promise<void> {
  const interval = { startTime, endTime: new Date(world.now()).toISOString() };
  const timeSeries = Object.entries(events).map(([stream, count]) => ({
    metric: { type, labels: { stream, outcome: 'good' } },
    resource: { type: 'global', labels: { project_id: world.project } },
    points: [{ interval, value: { int64Value: `${count}` } }],
  }));
  await world.google.need('POST', 'monitoring', `/v3/projects/${world.project}/timeSeries`, { timeSeries });
}
