import { seriesOf } from '../causes.ts';
import { type Selection, type Target, toFilter } from '../metric.ts';
import { selectionsOf } from '../sli.ts';
import { type Lint, ofCause, ofObjective, ofService } from './rule.ts';

const SLOS_MAX = 500;
const CHANNELS_MAX = 16;
const LINKS_MAX = 3;
const FILTER_CHARACTERS_MAX = 2048;
// An alert's text holds 8,192 characters and 10,240 bytes, its subject 255 bytes: this leaves room for the rest of them.
const WHY_BYTES_MAX = 6000;
const TITLES_BYTES_MAX = 160;

/** How much of something fits. */
export const limitLints = {
  'too-many-slos': {
    severity: 'error',
    explanation: `A service holds at most ${SLOS_MAX} SLOs.`,
    remedy: 'Part the service, or count several routes by one SLI.',
    example: 'An SLO for each of 600 tenants: keep one for all, and look at the tenants by a label.',
    rules: ofService(({ service: { objectives } }) => more('SLOs', objectives.length, SLOS_MAX)),
  },
  'too-many-channels': {
    severity: 'error',
    explanation: `An alert reaches at most ${CHANNELS_MAX} channels.`,
    remedy: 'Take one channel that reaches them all, such as a schedule or a group.',
    example: 'notify: { page: [pagerDuty("on-call")] } instead of a mail to each of 20 people.',
    rules: ofService(({ service: { channels } }) => [
      more('channels for pages', channels.page.length, CHANNELS_MAX),
      more('channels for tickets', channels.ticket.length, CHANNELS_MAX),
    ]),
  },
  'too-many-links': {
    severity: 'error',
    explanation: `An alert shows at most ${LINKS_MAX} links, a runbook’s https address among them.`,
    remedy: 'Keep those that help at 3 a.m., and put the rest into the runbook.',
    example: 'links: { Dashboard: "https://…", Repository: "https://…" }',
    rules: ofService(({ service: { links, runbook = '', objectives } }) => {
      const isLinked = [runbook, ...objectives.map(objective => objective.runbook ?? '')].some(path =>
        path.startsWith('https://'),
      );
      return more('links', Object.keys(links).length + Number(isLinked), LINKS_MAX);
    }),
  },
  'filter-too-long': {
    severity: 'error',
    explanation: `A filter of Cloud Monitoring has at most ${FILTER_CHARACTERS_MAX} characters.`,
    remedy: 'Ask for fewer label values, or count what is meant under a label of its own.',
    example:
      'ratio("reads", { good: { path: [ …200 paths… ] } }): let the service count reads by a label "kind" instead.',
    rules: [
      ...ofObjective(({ objective: { sli } }, { catalogue }) =>
        selectionsOf(sli).map(selection => tooLong(selection, catalogue.target)),
      ),
      ...ofCause(({ cause: { when } }, { catalogue }) => tooLong(seriesOf(when), catalogue.target)),
    ],
  },
  'text-too-long': {
    severity: 'error',
    explanation: `An alert’s text has at most 8,192 characters, and its subject 255 bytes: ${WHY_BYTES_MAX} bytes are for the reason, and ${TITLES_BYTES_MAX} for the titles of service and objective together.`,
    remedy: 'Shorten it, and keep the rest in the runbook.',
    example: 'The subject: "Records API: Availability loses 2 % in 1 h of its error budget".',
    rules: [
      ...ofObjective(({ objective: { why, title }, service }) => [
        more('bytes of reason', bytesOf(why), WHY_BYTES_MAX),
        more('bytes of titles', bytesOf(service.title + title), TITLES_BYTES_MAX),
      ]),
      ...ofCause(({ cause: { why, title } }) => [
        more('bytes of reason', bytesOf(why), WHY_BYTES_MAX),
        more('bytes of title', bytesOf(title), TITLES_BYTES_MAX),
      ]),
    ],
  },
} as const satisfies Readonly<Record<string, Lint>>;

const bytesOf = (text: string) => Buffer.byteLength(text);

function more(what: string, count: number, max: number): string | undefined {
  return count > max ? `has ${count} ${what}, and at most ${max} fit` : undefined;
}

function tooLong(selection: Selection, target: Target): string | undefined {
  const { length } = toFilter(selection, target);
  if (length <= FILTER_CHARACTERS_MAX) return undefined;
  return `the filter on ${selection.metric.type} has ${length} characters, and at most ${FILTER_CHARACTERS_MAX} fit`;
}
