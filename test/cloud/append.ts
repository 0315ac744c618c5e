import { systemClock } from '../../base/clock.ts';
import { createAppender } from '../../records/bigquery/appender.ts';
import { openBigQueryWrite } from '../../records/bigquery/clients.ts';
import { APPENDED_AT, type BigQueryTable } from '../../records/bigquery/schema.ts';

/** Appends a row to the default stream of a table with `appended_at`. Resolves once it is durable. */
export type Append = (table: { project: string; dataset: string; table: string }, id: string) => Promise<void>;

const column = { required: true, description: '' };
const schema: BigQueryTable = {
  description: '',
  columns: [
    { name: 'id', type: 'STRING', ...column },
    { name: APPENDED_AT, type: 'TIMESTAMP', ...column },
  ],
};

/** Just as the platform appends: the Storage Write API has no REST. */
export const appendByStorageWrite: Append = async ({ project, dataset, table }, id) => {
  const client = await openBigQueryWrite({ projectId: project });
  const path = `projects/${project}/datasets/${dataset}/tables/${table}`;
  const appender = createAppender({ openClient: async () => client, table: path, schema, clock: systemClock });
  try {
    const refused = await appender.append([{ id }]);
    if (refused.length > 0) throw new Error(`The row was refused: ${refused[0]?.reason}`);
  } finally {
    await appender.close();
    await client.close();
  }
};
