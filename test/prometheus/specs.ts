import { compileServices } from '../../slo/compile.ts';
import {
  availability,
  burnRateAlerts,
  counter,
  distribution,
  gauge,
  histogram,
  latency,
  type ObjectiveSpec,
  objective,
  ratio,
  service,
  windows,
} from '../../slo/index.ts';
import { ingest } from '../../slo/services/ingest.slo.ts';
import { recordsApi } from '../../slo/services/records-api.slo.ts';
import { warehouse } from '../../slo/services/warehouse.slo.ts';
import { everyForm } from '../terraform/every-form.ts';

const promise = { goal: 0.999, period: '28d', why: 'It is watched in a test.' } as const;
const badReads = ratio('reads', { bad: { fresh: 'false' } });

/** SLOs on made-up metrics, whose alerts are made to fire: each form that an SLI has in PromQL, each choice of alerts. */
const guarded: Readonly<Record<string, ObjectiveSpec>> = {
  'bad-total': availability({ ...promise, sli: badReads }),
  'good-total': availability({ ...promise, sli: ratio('reads', { good: { fresh: 'true' } }) }),
  'good-bad': availability({ ...promise, sli: ratio({ good: counter('done'), bad: counter('failed') }) }),
  cut: latency({ ...promise, under: '2s', sli: histogram('took') }),
  'large-cut': objective({
    ...promise,
    id: 'sizes',
    title: 'Sizes',
    sli: distribution({ of: histogram({ name: 'size', kind: 'histogram', unit: 'By' }), max: 2 ** 20 }),
  }),
  windows: availability({
    ...promise,
    goal: 0.99,
    sli: windows({ every: '1m', good: { mean: gauge('age'), max: 60 } }),
  }),
  'ratio-windows': availability({
    ...promise,
    goal: 0.99,
    sli: windows({ every: '1m', good: { ratioAtLeast: 0.95, of: distribution({ of: histogram('took'), max: 2 }) } }),
  }),
  counted: availability({ ...promise, sli: badReads, alerts: burnRateAlerts({ badEventsAbove: 5 }) }),
  'one-page': availability({ ...promise, sli: badReads, alerts: burnRateAlerts({ onePage: true }) }),
};

// Each has a file to itself: promtool then evaluates only what is asked for.
const services = Object.entries(guarded).map(([id, slo]) => service(id, { owner: 'test', slos: [slo] }));

/** What is generated from: every form there is, our own services, and those whose alerts are made to fire. */
export const { catalogue } = compileServices([...everyForm, recordsApi, ingest, warehouse, ...services], {
  project: 'p',
  nameSuffix: '',
});
