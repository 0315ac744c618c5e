import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { openBigQuery } from '../../records/bigquery/clients.ts';
import { openBigQueryStores } from '../../records/bigquery/open.ts';
import { createQueries } from '../../records/bigquery/query.ts';
import { tables } from '../../records/bigquery/schema.ts';
import { event } from '../../records/warehouse.contract.ts';
import { bigQueryEmulator } from './settings.ts';

test('a table of before a column was added gains it, keeps its rows, and the view shows both', async t => {
  const projectId = `p-${crypto.randomUUID()}`;
  const emulator = bigQueryEmulator();
  const bigquery = await openBigQuery({ projectId, emulator });
  const older = tables.record_events.columns.filter(({ name }) => name !== 'surname' && name !== 'unmapped');
  await bigquery.dataset('latam').create();
  await bigquery
    .dataset('latam')
    .table('record_events')
    .create({
      schema: {
        fields: older.map(({ name, type, required }) => ({ name, type, mode: required ? 'REQUIRED' : 'NULLABLE' })),
      },
    });
  const queries = createQueries(bigquery);
  const values = `'old', TIMESTAMP_MICROS(1), '1', CURRENT_TIMESTAMP(), 'topic', 'before', CURRENT_TIMESTAMP()`;
  await queries.change({
    sql: `INSERT INTO latam.record_events (id, ordered_at, message_id, appended_at, source, name, timestamp) VALUES (${values})`,
  });

  const { warehouse, directReader } = await openBigQueryStores({
    dataset: { projectId, dataset: 'latam' },
    ...{ emulator, clock: systemClock },
  });
  t.after(() => warehouse.close());
  // The emulator's table has the columns now, and what it tells of the table does not know of them; in BigQuery that is one.
  const added = tables.record_events.columns.filter(column => !older.includes(column));
  const fields = [...older, ...added].map(({ name, type }) => ({ name, type }));
  await bigquery.dataset('latam').table('record_events').setMetadata({ schema: { fields } });
  await warehouse.append([event('new', 1, { surname: 'Pérez' })]);
  assert.equal((await directReader.get('old'))?.record.name, 'before');
  assert.equal((await directReader.get('new'))?.record.surname, 'Pérez');
  assert.deepEqual(await queries.all({ sql: 'SELECT id, surname FROM latam.records ORDER BY id' }), [
    { id: 'new', surname: 'Pérez' },
    { id: 'old', surname: null },
  ]);
});
