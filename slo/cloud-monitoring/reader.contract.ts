import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, createManualClock } from '../../base/clock.ts';
import { openClients } from './clients.ts';
import type { FakeWorld } from './fakes.ts';
import { createReader, type MonitoringReader } from './reader.ts';

const clock = createManualClock(Date.parse('2026-11-20T12:00:00Z'));
const slo = 'projects/p/services/api/serviceLevelObjectives/availability';

/** Runs something with a reader of an endpoint, and closes it. */
export async function withReader<Result>(
  endpoint: string,
  run: (reader: MonitoringReader) => Promise<Result>,
  readerClock: Clock = clock,
): Promise<Result> {
  const clients = await openClients(endpoint);
  try {
    return await run(createReader({ clients, endpoint, project: 'p', clock: readerClock }));
  } finally {
    await clients.close();
  }
}

/** What the reader finds in a Cloud Monitoring that holds a world. `start` gives a fresh one that goes by the world's clock. */
export function testReader(
  kind: string,
  start: (world: FakeWorld) => Promise<AsyncDisposable & { endpoint: string }>,
): void {
  const check = (what: string, world: Partial<FakeWorld>, run: (reader: MonitoringReader) => Promise<void>) =>
    test(`${kind}: ${what}`, async () => {
      await using server = await start({
        ...{ services: { api: ['availability', 'latency'] }, budgets: {}, burns: {}, clock, ...world },
      });
      await withReader(server.endpoint, run);
    });

  check('services and SLOs are known by id', { services: { api: ['a', 'b'], cart: [] } }, async reader => {
    assert.deepEqual(await reader.serviceIds(), ['api', 'cart']);
    assert.deepEqual(await reader.objectiveIds('projects/p/services/api'), ['a', 'b']);
    assert.deepEqual(await reader.objectiveIds('projects/p/services/cart'), []);
    assert.equal(await reader.objectiveIds('projects/p/services/basket'), undefined);
  });

  const readings = {
    budgets: { 'api/availability': { value: -0.25, ageSeconds: 120 } },
    burns: { 'api/availability': 13.5 },
  };
  check('budget and burn rate are those of the newest point, with its time', readings, async reader => {
    assert.deepEqual(await reader.budgetFraction(slo, 3600), { value: -0.25, atMs: clock.now() - 120_000 });
    assert.deepEqual(await reader.burnRate(slo, 3600), { value: 13.5, atMs: clock.now() - 60_000 });
  });

  check('a point that is older than asked for, or of an SLO that has none, is none', readings, async reader => {
    assert.equal(await reader.budgetFraction(slo, 100), undefined);
    assert.equal(await reader.burnRate(slo.replace('availability', 'latency'), 3600), undefined);
    assert.equal(await reader.burnRate(slo.replace('availability', 'nothing'), 3600), undefined);
  });

  const alerts = [
    { service: 'api', severity: 'page', title: 'Down', openForSeconds: 90 },
    { service: 'api', severity: 'ticket', title: 'Over', closed: true },
    { service: 'cart', severity: 'ticket', title: 'Slow' },
  ] as const;
  check('incidents are those that are open, with labels and severity of their policies', { alerts }, async reader => {
    const found = await reader.openIncidents();
    assert.deepEqual(
      found.map(({ policy }) => [policy.displayName, policy.userLabels.service, policy.userLabels.severity]),
      [
        ['Down', 'api', 'page'],
        ['Slow', 'cart', 'ticket'],
      ],
    );
    assert.deepEqual([found[0]?.openedAtMs, found[0]?.policy.severity], [clock.now() - 90_000, 'CRITICAL']);
  });

  const many = Array.from({ length: 60 }, (_, index) => `s${index}`);
  const paged = {
    services: { ...Object.fromEntries(many.map(id => [id, []])), api: ['availability', 'b', 'c'] },
    alerts: Array.from({ length: 60 }, () => alerts[0]),
    ...{ ...readings, pageItemsMax: 2 },
  };
  check('every list is read to its end, page by page', paged, async reader => {
    assert.deepEqual(await reader.serviceIds(), [...many, 'api']);
    assert.deepEqual(await reader.objectiveIds('projects/p/services/api'), ['availability', 'b', 'c']);
    assert.equal((await reader.openIncidents()).length, 60);
    assert.equal((await reader.budgetFraction(slo, 3600))?.value, -0.25);
  });
}
