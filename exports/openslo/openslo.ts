import { crc32 } from 'node:zlib';
import { describeSeconds, describeShare, toDuration } from '../../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import type { Period } from '../../slo/period.ts';
import type { Tier } from '../../slo/tiers.ts';
import { GENERATED, type GeneratedFile } from '../file.ts';
import { toYaml } from '../yaml.ts';
import { type Indicator, toIndicator } from './indicator.ts';

const NAME_LENGTH_MAX = 63;
const TITLE_LENGTH_MAX = 63;
const DESCRIPTION_LENGTH_MAX = 1050;

/**
 * OpenSLO v1, a file for each service: the service, its SLOs, and an alert policy for each tier.
 *
 * @see https://github.com/OpenSLO/OpenSLO
 */
export function* toOpenSlo({ target, services }: Catalogue): Generator<GeneratedFile> {
  for (const service of services) {
    const told = service.objectives.map(objective => ({ objective, indicator: toIndicator(objective.sli, target) }));
    const objects = [
      object('Service', { name: nameOf(service.id), title: service.title, labels: service.labels }, {}),
      ...told.flatMap(({ objective, indicator }) => (indicator ? sloObjects(service, objective, indicator) : [])),
    ];
    const untold = told.filter(({ indicator }) => indicator === undefined).map(({ objective }) => objective.id);
    const header = [GENERATED, ...untold.map(id => `${id} is left out: only Cloud Monitoring has its series.`)];
    const text = header.map(line => `# ${line}\n`).join('') + objects.map(toYaml).join('---\n');
    yield { path: `${service.id}.yaml`, text };
  }
}

function object(
  kind: string,
  { name, title, labels }: { name: string; title: string; labels?: Readonly<Record<string, string>> },
  spec: object,
) {
  return {
    apiVersion: 'openslo/v1',
    kind,
    metadata: { name, displayName: shorten(title), ...(labels && { labels }) },
    spec,
  };
}

/** A name as OpenSLO takes it, a label of DNS; what is too long ends in a hash of the whole, so that names stay apart. */
function nameOf(...ids: string[]): string {
  const name = ids
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  if (name.length <= NAME_LENGTH_MAX) return name;
  return `${name.slice(0, NAME_LENGTH_MAX - 9)}-${crc32(name).toString(16).padStart(8, '0')}`;
}

function shorten(title: string): string {
  return title.length <= TITLE_LENGTH_MAX ? title : `${title.slice(0, TITLE_LENGTH_MAX - 1)}…`;
}

function sloObjects(service: ServiceEntry, objective: ObjectiveEntry, indicator: Indicator) {
  const { id, title, goal, why, period, tiers } = objective;
  const name = nameOf(service.id, id);
  const alerts = tiers.map(tier => ({ tier, alert: nameOf(service.id, id, tier.name) }));
  const { spec, timeSlices } = indicator;
  return [
    object(
      'SLO',
      { name, title: `${service.title}: ${title}`, labels: service.labels },
      {
        description: why.slice(0, DESCRIPTION_LENGTH_MAX),
        service: nameOf(service.id),
        indicator: { metadata: { name: nameOf(service.id, id, 'sli'), displayName: shorten(title) }, spec },
        timeWindow: [toTimeWindow(period)],
        budgetingMethod: timeSlices ? 'Timeslices' : 'Occurrences',
        objectives: [{ displayName: title, target: goal, ...timeSlices }],
        ...(alerts.length > 0 && { alertPolicies: alerts.map(({ alert }) => ({ alertPolicyRef: alert })) }),
      },
    ),
    ...alerts.map(({ tier, alert }) => alertPolicy(service, objective, tier, alert)),
  ];
}

/** A policy holds one condition, and that one window: the long one; the short one is told in words. */
function alertPolicy(service: ServiceEntry, objective: ObjectiveEntry, tier: Tier, name: string) {
  const { share, severity, threshold, longSeconds, shortSeconds } = tier;
  const lost = `${describeShare(share)} of the error budget in ${describeSeconds(longSeconds)}`;
  const condition = { kind: 'burnrate', op: 'gt', threshold, lookbackWindow: shorthand(longSeconds), alertAfter: '1m' };
  return object(
    'AlertPolicy',
    { name, title: `${service.title}: ${objective.title} · ${tier.name}` },
    {
      description: `${lost}, and still so over the last ${describeSeconds(shortSeconds)}.`,
      ...{ alertWhenNoData: false, alertWhenResolved: true, alertWhenBreaching: true },
      conditions: [
        {
          kind: 'AlertCondition',
          metadata: { name: nameOf(service.id, objective.id, tier.name, 'burn') },
          spec: { severity, condition },
        },
      ],
      notificationTargets: notificationTargets(service, severity),
    },
  );
}

/** At least one is needed: where a service names no channel, its severity is a name to refer to. */
function notificationTargets({ channels }: ServiceEntry, severity: Tier['severity']) {
  const targets = channels[severity].map(({ id, title, type }) => ({
    kind: 'AlertNotificationTarget',
    metadata: { name: nameOf(id), displayName: shorten(title) },
    spec: { target: type },
  }));
  return targets.length > 0 ? targets : [{ targetRef: severity }];
}

/** OpenSLO counts in minutes at least. */
const shorthand = (seconds: number) => toDuration(Math.ceil(seconds / 60) * 60);

const CALENDAR_DURATIONS = { day: '1d', week: '1w', fortnight: '2w', month: '1M' } as const;

function toTimeWindow(period: Period) {
  if (period.rolling) return { duration: toDuration(period.seconds), isRolling: true };
  // That day was a Monday and the first of a month.
  const calendar = { startTime: '2024-01-01 00:00:00', timeZone: 'UTC' };
  return { duration: CALENDAR_DURATIONS[period.calendar], calendar, isRolling: false };
}
