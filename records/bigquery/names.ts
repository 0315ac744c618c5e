/** Where the tables are: a dataset of a project. */
export type Dataset = { projectId: string; dataset: string };

/** The tables of the dataset. `records` is a view. */
export const tableNames = {
  events: 'record_events',
  erasures: 'erasures',
  deadLetters: 'dead_letters',
  records: 'records',
} as const;

export type TableName = (typeof tableNames)[keyof typeof tableNames];

/** A table as SQL names it. */
export const sqlName = ({ projectId, dataset }: Dataset, table: TableName): string =>
  `\`${projectId}.${dataset}.${table}\``;

/** A table as the Storage Write API names it. */
export const tablePath = ({ projectId, dataset }: Dataset, table: TableName): string =>
  `projects/${projectId}/datasets/${dataset}/tables/${table}`;
