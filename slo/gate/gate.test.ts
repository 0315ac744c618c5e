import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import type { Incident, MonitoringReader } from '../cloud-monitoring/reader.ts';
import { judge } from './gate.ts';
import { checkout } from './testing.ts';

const clock = createManualClock(Date.parse('2026-11-20T12:00:00Z'));

/** A project in which all is well, but for what a test says. */
function reader(but: Partial<MonitoringReader> = {}): MonitoringReader {
  const point = async (value: number) => ({ value, atMs: clock.now() });
  return {
    serviceIds: async () => ['cart', 'basket'],
    objectiveIds: async () => ['availability', 'fast-answers', 'young'],
    budgetFraction: () => point(0.5),
    burnRate: () => point(1),
    openIncidents: async () => [],
    ...but,
  };
}

const judgeBy = (but: Partial<MonitoringReader>, more: { k6?: { path: string; text: string } } = {}) =>
  judge({
    ...{ service: checkout({ below: 0.1 }), nameSuffix: '', reader: reader(but), clock },
    ...{ window: '1h', change: 'any', ...more },
  });

test('all SLOs, and the incidents, are judged into one verdict', async () => {
  const { reasons, ...rest } = await judgeBy({});
  assert.deepEqual(rest, { verdict: 'go', service: 'checkout', at: '2026-11-20T12:00:00.000Z', window: '1h' });
  assert.deepEqual(
    reasons.map(({ source, slo }) => [source, slo]),
    [
      ['budget', 'availability'],
      ['budget', 'fast-answers'],
      ['budget', 'young'],
      ['incident', undefined],
    ],
  );
});

test('a budget, an incident or k6 alone decides', async () => {
  const overspent = { value: -1, atMs: clock.now() };
  assert.equal((await judgeBy({ budgetFraction: async () => overspent })).verdict, 'stop');
  const page: Incident = {
    ...{ name: 'a', policy: { displayName: 'Down', userLabels: { service: 'checkout', severity: 'page' } } },
  };
  assert.equal((await judgeBy({ openIncidents: async () => [page] })).verdict, 'stop');
  assert.equal((await judgeBy({ burnRate: async () => undefined })).verdict, 'not-enough');
  assert.equal((await judgeBy({}, { k6: { path: 'k6.json', text: '' } })).verdict, 'not-enough');
});

test('an SLO that Cloud Monitoring does not have yet is not enough', async () => {
  const { verdict, reasons } = await judgeBy({ objectiveIds: async () => ['availability', 'fast-answers'] });
  assert.equal(verdict, 'not-enough');
  assert.deepEqual(reasons[2], {
    ...{ source: 'telemetry', slo: 'young', verdict: 'not-enough' },
    sentence: 'young is not in Cloud Monitoring: apply the generated Terraform first',
  });
});

test('a service without SLOs does not pass', async () => {
  const service = { ...checkout(), objectives: [] };
  const judged = await judge({ service, nameSuffix: '', reader: reader(), clock, window: '1h', change: 'any' });
  assert.equal(judged.verdict, 'not-enough');
  assert.equal(judged.reasons[0]?.sentence, 'checkout has no SLO to judge by');
});

test('a service that is not there is an error that names those that are', async () => {
  const objectiveIds = async () => undefined;
  await assert.rejects(judgeBy({ objectiveIds }), {
    code: 'service_missing',
    message: 'Cloud Monitoring has no service checkout in project p: there are cart, basket',
  });
  await assert.rejects(judgeBy({ objectiveIds, serviceIds: async () => [] }), /in project p: it has none/);
});
