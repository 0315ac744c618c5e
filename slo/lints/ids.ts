import { absences } from '../absences.ts';
import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import { alertGroupName, alertGroups } from '../tiers.ts';
import { type Lint, type Linted, ofCause, ofObjective, ofService } from './rule.ts';

const CHARACTERS_MAX = 63;
// The API takes dots and colons in an SLO's id too, but an alert carries the id as a label, and labels do not.
const ID = /^(?=.{1,63}$)[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$/;
const SERVICE_ID = /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** Ids that no service may have: what is generated has files and dashboards of these names. */
export const RESERVED = new Set(['dashboards', 'fleet', 'index', 'ingest-pipeline', 'main']);
const LABEL_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;
// Of the 64 that a resource takes, those are ours: managed_by, service, severity, slo, tier.
const LABELS_MAX = 64 - 5;

/** How things are called. */
export const idLints = {
  'id-not-possible': {
    severity: 'error',
    explanation: `An id becomes part of a resource’s name and the value of a label: letters, digits, _ and -, and at most ${CHARACTERS_MAX} of them, a letter or a digit first and last, as OpenSLO wants it. A service’s has no capitals and no _.`,
    remedy: 'Take such an id before the first apply: later it cannot change without losing the history.',
    example: '"Records API" is a title; "records-api" is an id.',
    rules: [
      ...ofService(({ service: { id } }) =>
        SERVICE_ID.test(id)
          ? undefined
          : `${JSON.stringify(id)} is no id of a service: lower-case letters, digits and - between them, at most ${CHARACTERS_MAX}`,
      ),
      ...ofObjective(({ objective: { id, tiers } }) => wrongOf([id, ...tiers.map(({ name }) => name)])),
      ...ofCause(({ cause: { id } }) => wrongOf([id])),
      ...ofService(({ service: { uptime, channels } }) =>
        wrongOf([...uptime, ...channels.page, ...channels.ticket].map(({ id }) => id)),
      ),
    ],
  },
  'id-reserved': {
    severity: 'error',
    explanation: `What is generated for a service is named by its id, beside files and dashboards of our own: ${[...RESERVED].join(', ')}.`,
    remedy: 'Take another id.',
    example: 'The dashboard of a service "fleet" would overwrite that of the fleet.',
    rules: ofService(({ service: { id } }) =>
      RESERVED.has(id) ? `the id ${JSON.stringify(id)} is taken by what is generated` : undefined,
    ),
  },
  'slo-id-twice': {
    severity: 'error',
    explanation: 'An id names one SLO of its service: a second one would overwrite the first.',
    remedy: 'Give one of them another id: availability({ id: "outside", … }).',
    example: 'Two availability() objectives are both called "availability" where neither says an id.',
    rules: ofObjective(({ objective, service: { objectives } }) => {
      const first = objectives.find(({ id }) => id === objective.id);
      if (first === undefined || first === objective) return undefined;
      return `the id ${objective.id} is taken by the objective in line ${first.definedAt.line}`;
    }),
  },
  'name-twice': {
    severity: 'error',
    explanation:
      'Alerts are named by service, objective and tier, or by service and cause, and the ticket on data that stays away by its objective and no-data; uptime checks and channels by their id. Of two with one name the second would overwrite the first. Names that differ in capitals, - and _ alone are one: a label is lower-case, a variable of Terraform or k6 has no -, a name in OpenSLO no _.',
    remedy: 'Rename one of them.',
    example:
      'A cause with the id "availability-no-data", which is the name of the ticket of an SLO "availability"; the SLO "api-latency" of a service "records" beside "latency" of "records-api".',
    rules: [],
    overall: linted => {
      const first = new Map<string, Named>();
      return namedThings(linted).flatMap(named => {
        const { service, name } = named;
        const key = name.toLowerCase().replaceAll(/[-_]+/g, '-');
        const other = first.get(key);
        first.set(key, other ?? named);
        if (other === undefined || isSame(other, named)) return [];
        const by = other.service === service ? 'in this service already' : `by service ${other.service.id}`;
        const as = other.name === name ? '' : `, as ${other.name}`;
        const message = `the name ${name} is taken ${by}${as}`;
        return [{ message, place: service.definedAt, service: service.id }];
      });
    },
  },
  'label-not-possible': {
    severity: 'error',
    explanation: `User labels take lower-case letters, digits, _ and -, keys a letter first; at most ${CHARACTERS_MAX} characters each, and ${LABELS_MAX} beside our own.`,
    remedy: 'Correct the label.',
    example: 'labels: { team: "data-platform" }, and not { Team: "Data platform" }.',
    rules: ofService(({ service: { labels } }) => {
      const entries = Object.entries(labels);
      const wrong = entries.filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value));
      const sentences = wrong.map(([key, value]) => `the label ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
      const isMany = entries.length > LABELS_MAX;
      return isMany ? [...sentences, `it has ${entries.length} labels, and at most ${LABELS_MAX} fit`] : sentences;
    }),
  },
} as const satisfies Readonly<Record<string, Lint>>;

function wrongOf(ids: readonly string[]): string[] | undefined {
  const wrong = ids.filter(id => !ID.test(id));
  return wrong.length === 0
    ? undefined
    : wrong.map(
        id => `${JSON.stringify(id)} is no id: letters, digits, _ and - between them, at most ${CHARACTERS_MAX}`,
      );
}

type Named = { name: string; service: ServiceEntry; thing?: object };

/** Several services may share a channel or an uptime check: the same one is no second one. */
function isSame(a: Named, b: Named): boolean {
  return a.thing !== undefined && JSON.stringify(a.thing) === JSON.stringify(b.thing);
}

function namedThings({ catalogue }: Linted): Named[] {
  return catalogue.services.flatMap(service => [
    ...alertNames(service).map(name => ({ name: `alert ${service.id}-${name}`, service })),
    ...[...objectivesById(service).keys()].map(id => ({ name: `SLO ${service.id}-${id}`, service })),
    ...service.uptime.map(thing => ({ name: `uptime check ${thing.id}`, service, thing })),
    ...[...service.channels.page, ...service.channels.ticket].map(thing => ({
      name: `channel ${thing.id}`,
      service,
      thing,
    })),
  ]);
}

/** As alerts are named: by objective and tier, by the cause, or by the objective whose data stays away. */
function alertNames(service: ServiceEntry): string[] {
  const tiers = [...objectivesById(service).values()].flatMap(objective =>
    alertGroups(objective).map(group => `${objective.id}-${alertGroupName(group)}`),
  );
  const missing = new Set(absences(service).map(({ id }) => id));
  return [...tiers, ...service.causes.map(({ id }) => id), ...missing];
}

/** Each id once: that there are two is told by a lint of its own. */
function objectivesById({ objectives }: ServiceEntry): Map<string, ObjectiveEntry> {
  return new Map(objectives.map(objective => [objective.id, objective]));
}
