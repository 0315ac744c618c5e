import { compared, type Fact } from '../fact.ts';
import { askForPolicy } from './monitoring-requests.ts';

const CONTENT_CHARACTERS_MAX = 8192;
const REQUESTS = 'run.googleapis.com/request_count';

/** What an alert policy may say. Those that are made are not enabled. */
export const alertFacts: readonly Fact[] = [
  {
    id: 'alert-alignment',
    question: 'May a threshold condition add up a whole day?',
    believed:
      'Yes: a ticket with `badEventsAbove` counts over its window of one day, though a second-hand note puts the end at 23 h 30 min',
    dependsOn: ['alerts/burn.ts'],
    does: 'Asks for a policy with an alignment period of 86,400 s.',
    setting: 'Make such a tier PromQL (`conditionsOf` in `alerts/burn.ts`), as one without a counter of bad events is',
    async settle(world) {
      const filter = `metric.type="${REQUESTS}" AND resource.type="cloud_run_revision"`;
      const aligned = { perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM', alignmentPeriod: '86400s' };
      const threshold = {
        filter,
        aggregations: [aligned],
        comparison: 'COMPARISON_GT',
        thresholdValue: 3,
        duration: '0s',
      };
      const { taken, said } = await askForPolicy(world, { conditionThreshold: threshold });
      return compared(taken, said);
    },
  },
  {
    id: 'promql-three-days',
    question: 'May a PromQL condition look back three days?',
    believed: 'Yes: the newest documentation has no limit of a day, older pages have',
    dependsOn: ['alerts/burn.ts', 'slo/promql/windows.ts'],
    does: 'Asks for a policy with an increase over 3 d, evaluated every 300 s.',
    setting: '`tiers` of `burnRateAlerts`: leave out `ticket-long`',
    async settle(world) {
      const query = `sum(increase(run_googleapis_com:request_count{monitored_resource="cloud_run_revision"}[3d])) > 1e12`;
      const rest = { duration: '0s', evaluationInterval: '300s', disableMetricValidation: true };
      const { taken, said } = await askForPolicy(world, { conditionPrometheusQueryLanguage: { query, ...rest } });
      return compared(taken, said);
    },
  },
  {
    id: 'alert-documentation',
    question: 'How long may the text of an alert be?',
    believed: `${CONTENT_CHARACTERS_MAX.toLocaleString('en')} characters are taken, one more is refused`,
    dependsOn: ['slo/lints/limits.ts', 'alerts/text.ts'],
    does: 'Asks for a policy with a text of just that length, and one with a character more.',
    setting: '`WHY_BYTES_MAX` in `slo/lints/limits.ts`',
    async settle(world) {
      const query = 'vector(1) > 2';
      const condition = { conditionPrometheusQueryLanguage: { query, duration: '0s', disableMetricValidation: true } };
      const ask = (characters: number) =>
        askForPolicy(world, condition, { content: 'a'.repeat(characters), mimeType: 'text/markdown' });
      const [fits, exceeds] = [await ask(CONTENT_CHARACTERS_MAX), await ask(CONTENT_CHARACTERS_MAX + 1)];
      const observed = `${CONTENT_CHARACTERS_MAX}: ${fits.said}; ${CONTENT_CHARACTERS_MAX + 1}: ${exceeds.said}`;
      return compared(fits.taken && !exceeds.taken, observed);
    },
  },
  {
    id: 'alerts-open',
    question: 'Does the REST resource of incidents take `state="OPEN"`?',
    believed: 'Yes, and answers the open ones only',
    dependsOn: ['slo/gate/incidents.ts'],
    does: 'Lists the alerts of the project with that filter; makes nothing.',
    setting: 'The filter in `slo/gate/incidents.ts`: ask for all, and drop what is closed',
    async settle({ google, project }) {
      const query = new URLSearchParams({ filter: 'state="OPEN"', pageSize: '1000' });
      type Page = { alerts?: { state: string }[] };
      const { taken, said, body } = await google.ask<Page>(
        'GET',
        'monitoring',
        `/v3/projects/${project}/alerts?${query}`,
      );
      if (!taken) return compared(false, said);
      const { alerts = [] } = body;
      const states = [...new Set(alerts.map(({ state }) => state))];
      const observed = alerts.length > 0 ? `${alerts.length} alerts: ${states.join(', ')}` : 'taken; none is open';
      return compared(
        states.every(state => state === 'OPEN'),
        observed,
      );
    },
  },
];
