import { messageOf } from '../../../base/errors.ts';
import { compared, type Fact, notSettled } from '../fact.ts';
import { bodyOf } from '../google.ts';
import type { World } from '../world.ts';

const QUERY_BYTES_MIN = 10_485_760;
const QUERIES = 5;
/** The threshold of the records API's latency SLO. */
const LATENCY_MS_MAX = 200;
const CONNECTIONS_MIN = 100;
const QUOTA = /\/write\/max_active_streams/;

/** What BigQuery shows, bills and allows. */
export const bigQueryFacts: readonly Fact[] = [
  {
    id: 'appends-at-once',
    question: 'Does `APPENDS()` show rows of the default stream at once?',
    believed: 'Not for sure, so the replica follows `appended_at` with an overlap',
    dependsOn: ['records/bigquery/changes.ts', 'docs/decisions/009-the-replica-follows-by-stamp.md'],
    does: 'Appends a row to a table of its own as the platform does, and asks for it at once, by `SELECT` and by `APPENDS`.',
    setting:
      '`eventsSince` in `records/bigquery/changes.ts`: by `APPENDS` it reads what is new and not today’s partition; or `REPLICA_FOLLOW_SECONDS`',
    async settle(world) {
      const dataset = await makeDataset(world, 'appends');
      await query(world, `CREATE TABLE ${dataset}.t (id STRING NOT NULL, appended_at TIMESTAMP NOT NULL)`);
      let said = '';
      const isAppended = await world.poll(async () => {
        try {
          await world.append({ project: world.project, dataset, table: 't' }, 'a');
          return true;
        } catch (error) {
          // A table that is new is not known to the default stream at first.
          said = messageOf(error);
          return undefined;
        }
      });
      if (!isAppended) return notSettled(`The row was not appended: ${said}`);
      const appendedAt = world.now();
      const seen = (from: string) =>
        world.poll(async () => {
          const { rows = [] } = await query(world, `SELECT id FROM ${from}`);
          return rows.length > 0 ? world.now() - appendedAt : undefined;
        }, 1000);
      const first = await query(world, `SELECT id FROM APPENDS(TABLE ${dataset}.t, NULL, NULL)`);
      const isAtOnce = (first.rows ?? []).length > 0;
      const [bySelect, byAppends] = await Promise.all([
        seen(`${dataset}.t`),
        seen(`APPENDS(TABLE ${dataset}.t, NULL, NULL)`),
      ]);
      if (bySelect === undefined) return notSettled('Not even SELECT showed the row in the time');
      const later = byAppends === undefined ? 'not in the time' : `after ${byAppends} ms`;
      return compared(!isAtOnce, `SELECT showed it after ${bySelect} ms, APPENDS ${isAtOnce ? 'at once' : later}`);
    },
  },
  {
    id: 'query-least-bytes',
    question: 'What is the least that a query is billed for?',
    believed: `${QUERY_BYTES_MIN.toLocaleString('en')} bytes for each table`,
    dependsOn: ['docs/decisions/009-the-replica-follows-by-stamp.md', 'base/limits.ts'],
    does: 'Makes a table of one row, queries it and reads what was billed.',
    setting: '`REPLICA_FOLLOW_SECONDS`: a round is two such queries',
    async settle(world) {
      const table = await makeTable(world, 'least');
      const { totalBytesBilled } = await query(world, `SELECT MAX(id) FROM ${table}`);
      if (totalBytesBilled === undefined) return notSettled('The answer does not say what was billed');
      return compared(Number(totalBytesBilled) === QUERY_BYTES_MIN, `${totalBytesBilled} bytes were billed`);
    },
  },
  {
    id: 'query-latency',
    question: 'How long does the smallest query take?',
    believed: `About a second, and more than the ${LATENCY_MS_MAX} ms that a read may take; so reads come from a replica`,
    dependsOn: ['slo/services/records-api.slo.ts', 'records/bigquery/direct-reader.ts'],
    does: `Makes a table of one row, queries it ${QUERIES} times and takes the median of BigQuery’s own times.`,
    setting: '`READS=direct`',
    async settle(world) {
      const table = await makeTable(world, 'latency');
      const times: number[] = [];
      for (let n = 0; n < QUERIES; n += 1) {
        const { creationTime, endTime } = await query(world, `SELECT MAX(id) FROM ${table} WHERE id <> '${n}'`);
        times.push(Number(endTime) - Number(creationTime));
      }
      if (!times.every(Number.isFinite)) return notSettled('The answers do not say how long they took');
      const median = times.sort((a, b) => a - b)[Math.floor(QUERIES / 2)] as number;
      return compared(median > LATENCY_MS_MAX, `${median} ms, the median of ${times.join(', ')}`);
    },
  },
  {
    id: 'append-connections',
    question: 'How many connections of the Storage Write API may be open in a region?',
    believed: `${CONNECTIONS_MIN} at the least (older pages; newer ones say 1,000): each process has one for each table that it appends to`,
    dependsOn: ['records/bigquery/appender.ts', 'terraform/variables.tf'],
    does: 'Reads the project’s quota; makes nothing.',
    setting: '`instances_max` in the variables of Terraform, or ask Google for more',
    async settle({ google, project, location }) {
      const path = `/v1beta1/projects/${project}/services/bigquerystorage.googleapis.com/consumerQuotaMetrics`;
      const { metrics = [] } = await google.need<Quotas>('GET', 'serviceusage', `${path}?pageSize=500`);
      const buckets = metrics
        .filter(({ metric }) => QUOTA.test(metric))
        .flatMap(({ consumerQuotaLimits = [] }) => consumerQuotaLimits)
        .flatMap(({ quotaBuckets = [] }) => quotaBuckets);
      const regional = buckets.find(({ dimensions }) => dimensions?.region === location);
      const { effectiveLimit } = regional ?? buckets.find(({ dimensions }) => !dimensions) ?? {};
      if (effectiveLimit === undefined) {
        const names = metrics.map(({ metric }) => metric).join(', ');
        return notSettled(`The quota has another name: ${names || 'none is listed'}`);
      }
      const connections = Number(effectiveLimit);
      // -1 is no limit.
      return compared(connections === -1 || connections >= CONNECTIONS_MIN, `${effectiveLimit} in ${location}`);
    },
  },
];

type Bucket = { effectiveLimit?: string; dimensions?: { region?: string } };
type Quotas = { metrics?: { metric: string; consumerQuotaLimits?: { quotaBuckets?: Bucket[] }[] }[] };

async function makeDataset(world: World, what: string): Promise<string> {
  const { project, location, labels } = world;
  const datasetId = `${world.run}-${what}`.replaceAll('-', '_');
  const root = `/bigquery/v2/projects/${project}/datasets`;
  const datasetReference = { projectId: project, datasetId };
  // Its tables end by themselves within the hour.
  const body = { datasetReference, location, labels, defaultTableExpirationMs: '3600000' };
  bodyOf(await world.make('POST', 'bigquery', root, body, `${root}/${datasetId}?deleteContents=true`));
  return datasetId;
}

async function makeTable(world: World, what: string): Promise<string> {
  const table = `${await makeDataset(world, what)}.t`;
  await query(world, `CREATE TABLE ${table} AS SELECT 'a' AS id`);
  return table;
}

type QueryResult = {
  jobComplete: boolean;
  rows?: unknown[];
  totalBytesBilled?: string;
  creationTime?: string;
  endTime?: string;
};

async function query({ google, project, location, labels }: World, sql: string): Promise<QueryResult> {
  const result = await google.need<QueryResult>('POST', 'bigquery', `/bigquery/v2/projects/${project}/queries`, {
    ...{ query: sql, useLegacySql: false, useQueryCache: false, location, labels },
    ...{ timeoutMs: 20_000, maximumBytesBilled: '104857600' },
  });
  if (!result.jobComplete) throw new Error(`A query of one row took more than 20 s: ${sql}`);
  return result;
}
