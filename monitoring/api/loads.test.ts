import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, type Resources } from '../../exports/compile.ts';
import { loadSpecs } from '../../slo/spec-files/load.ts';
import type { Kind } from '../resources/resources.ts';
import { startMonitoring } from './testing.ts';

const root = `${import.meta.dirname}/../..`;
const specs = await loadSpecs({ root });
const { resources } = compile(specs, { project: 'local', nameSuffix: '' });
/** In the order in which one needs the other. */
const KINDS = {
  services: resources.services,
  serviceLevelObjectives: resources.objectives,
  notificationChannels: resources.channels,
  uptimeCheckConfigs: resources.uptimeChecks,
  alertPolicies: resources.policies,
  dashboards: resources.dashboards,
} satisfies Partial<Record<Kind, Resources[keyof Resources]>>;

/** What only the server says of a resource. */
function withoutServers(json: Record<string, unknown>): Record<string, unknown> {
  const { creationRecord, mutationRecord, mutationRecords, etag, ...given } = json;
  const conditions = given.conditions as { name: string }[] | undefined;
  return { ...given, ...(conditions && { conditions: conditions.map(({ name, ...condition }) => condition) }) };
}

test('what our specs compile to is taken as it is, under its own names, and comes back equal', async () => {
  await using server = await startMonitoring();
  let compared = 0;
  for (const [kind, all] of Object.entries(KINDS)) {
    for (const json of all) {
      server.put(kind as Kind, json);
      const version = kind === 'dashboards' ? 'v1' : 'v3';
      const { status, body } = await server.ask('GET', `/${version}/${json.name}`);
      assert.equal(status, 200, json.name);
      assert.deepEqual(withoutServers(body), json);
      compared += 1;
    }
  }
  assert.ok(compared > 50);
  for (const { name } of resources.objectives) assert.ok(server.evaluator.objective(name), name);
  server.evaluator.evaluate(0);
  for (const { name, conditions } of resources.policies) {
    assert.equal(server.evaluator.verdicts(name).length, conditions.length);
  }
  // And once more: it takes the place of what was there.
  for (const [kind, all] of Object.entries(KINDS)) for (const json of all) server.put(kind as Kind, json);
  const { body } = await server.ask('GET', '/v3/projects/local/alertPolicies');
  assert.equal((body.alertPolicies as object[]).length, resources.policies.length);
});

test('it is taken by HTTP too, where the server gives policies and dashboards their names', async () => {
  await using server = await startMonitoring();
  const create = async (path: string, json: object) => {
    const { status, body } = await server.ask('POST', path, json);
    assert.equal(status, 200, JSON.stringify(body));
    const { name: _, ...made } = withoutServers(body);
    const { name, ...given } = json as { name?: string };
    assert.deepEqual(made, given);
  };
  const idOf = (name: string) => name.split('/').at(-1);
  const parentOf = (name: string) => name.split('/').slice(0, -2).join('/');
  for (const json of resources.services) {
    await create(`/v3/projects/local/services?serviceId=${idOf(json.name)}`, json);
  }
  for (const json of resources.objectives) {
    const path = `/v3/${parentOf(json.name)}/serviceLevelObjectives`;
    await create(`${path}?serviceLevelObjectiveId=${idOf(json.name)}`, json);
  }
  for (const json of resources.uptimeChecks) await create('/v3/projects/local/uptimeCheckConfigs', json);
  for (const json of resources.policies) await create('/v3/projects/local/alertPolicies', json);
  for (const json of resources.dashboards) await create('/v1/projects/local/dashboards', json);
});
