import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { createTables } from './create.ts';
import { tables } from './schema.ts';

type Metadata = { schema?: { fields: { name: string }[] }; view?: { query: string } };
type Rights = { create: boolean; update: boolean };

const refused = (code: number) => Object.assign(new Error(`refused with ${code}`), { code });

/** A dataset in memory that may hold tables already, and lets only some things be done to it. */
function createFake(present: Record<string, Metadata>, rights: Rights = { create: true, update: true }) {
  const held = new Map(Object.entries(present));
  let hasDataset = held.size > 0;
  const handle = (name: string) => ({
    async getMetadata() {
      if (!held.has(name)) throw refused(404);
      return [held.get(name)];
    },
    async create(metadata: Metadata) {
      if (!rights.create) throw refused(403);
      if (!hasDataset) throw refused(404);
      if (held.has(name)) throw refused(409);
      held.set(name, metadata);
    },
    async setMetadata(metadata: Metadata) {
      held.set(name, { ...held.get(name), ...metadata });
    },
  });
  const dataset = {
    table: handle,
    async create() {
      if (!rights.create) throw refused(403);
      if (hasDataset) throw refused(409);
      hasDataset = true;
    },
  };
  async function query(sql: string) {
    if (!rights.update) throw refused(403);
    const [, name = ''] = /^ALTER TABLE `p\.d\.(\w+)` /.exec(sql) ?? [];
    const added = [...sql.matchAll(/ADD COLUMN IF NOT EXISTS `(\w+)` \w+ OPTIONS \(description = "[^"]+"\)/g)];
    held.get(name)?.schema?.fields.push(...added.map(([, column = '']) => ({ name: column })));
  }
  const bigquery = { dataset: () => dataset, query } as unknown as BigQuery;
  const columnsOf = (name: string) => held.get(name)?.schema?.fields.map(field => field.name);
  return { make: () => createTables(bigquery, { projectId: 'p', dataset: 'd' }), held, columnsOf };
}

const whole = (name: keyof typeof tables): Metadata => ({
  schema: { fields: tables[name].columns.map(column => ({ name: column.name })) },
});
const all = (): Record<string, Metadata> => ({
  ...Object.fromEntries((Object.keys(tables) as (keyof typeof tables)[]).map(name => [name, whole(name)])),
  records: { view: { query: 'an older one' } },
});

test('what is not there is made: dataset, tables with their columns, and the view', async () => {
  const { make, held, columnsOf } = createFake({});
  await make();
  assert.deepEqual([...held.keys()].toSorted(), ['dead_letters', 'erasures', 'record_events', 'records']);
  assert.deepEqual(
    columnsOf('record_events'),
    tables.record_events.columns.map(({ name }) => name),
  );
  assert.match(held.get('records')?.view?.query ?? '', /FROM `p\.d\.record_events`/);
});

test('what is all there is left as it is', async () => {
  const { make, held } = createFake(all());
  await make();
  assert.equal(held.get('records')?.view?.query, 'an older one');
});

test('the columns that a table lacks are added, its own are kept, and the view is made anew', async () => {
  const older = all();
  older.record_events = { schema: { fields: [{ name: 'id' }, { name: 'kept by hand' }] } };
  const { make, held, columnsOf } = createFake(older);
  await make();
  const added = tables.record_events.columns.map(({ name }) => name).filter(name => name !== 'id');
  assert.deepEqual(columnsOf('record_events'), ['id', 'kept by hand', ...added]);
  assert.notEqual(held.get('records')?.view?.query, 'an older one');
});

test('who may not change a table goes on without the column; who may not make one is told what to do', async () => {
  const older = all();
  older.record_events = { schema: { fields: [{ name: 'id' }] } };
  await createFake(older, { create: false, update: false }).make();
  const nobody = createFake({}, { create: false, update: false });
  await assert.rejects(nobody.make(), {
    code: 'warehouse_missing',
    message: /p\.d .* Terraform .* bigquery\.dataEditor/,
  });
});

test('any other failure is BigQuery not answering', async () => {
  const dataset = { table: () => ({ getMetadata: () => Promise.reject(new Error('ECONNREFUSED')) }) };
  const bigquery = { dataset: () => dataset } as unknown as BigQuery;
  await assert.rejects(createTables(bigquery, { projectId: 'p', dataset: 'd' }), { code: 'warehouse_unreachable' });
});
