import type { Append } from '../append.ts';
import { type FakeApi, type FakeState, ok, refused } from './api.ts';

/** BigQuery with its quota. `APPENDS` shows a row when it is asked for the second time. */
export function createFakeBigQuery({ isOtherwise, made }: FakeState) {
  const rows = new Set<string>();
  let asked = 0;
  let appends = 0;

  function query(sql: string) {
    const times = { creationTime: '1000', endTime: isOtherwise('query-latency') ? '1100' : '1900' };
    const [, appended] = /^SELECT id FROM APPENDS\(TABLE (\S+), NULL, NULL\)$/.exec(sql) ?? [];
    const [, selected] = /^SELECT id FROM (\w+\.t)$/.exec(sql) ?? [];
    if (appended) asked += 1;
    const isShown = appended
      ? rows.has(appended) && (asked > 1 || isOtherwise('appends-at-once'))
      : rows.has(selected ?? '');
    const totalBytesBilled = isOtherwise('query-least-bytes') ? '1048576' : '10485760';
    return ok({ jobComplete: true, totalBytesBilled, ...times, ...(isShown && { rows: [{ f: [{ v: 'a' }] }] }) });
  }

  const answer: FakeApi = ({ api, path, body }) => {
    if (api === 'serviceusage') {
      const limit = isOtherwise('append-connections') ? '20' : '1000';
      const quotaBuckets = [{ effectiveLimit: '1' }, { effectiveLimit: limit, dimensions: { region: 'us-central1' } }];
      const metric = 'bigquerystorage.googleapis.com/write/max_active_streams';
      return ok({ metrics: [{ metric, consumerQuotaLimits: [{ quotaBuckets }] }] });
    }
    if (path.endsWith('/queries')) return query(body.query);
    if (!path.endsWith('/datasets')) return refused('no such method', 404);
    made.set(`bigquery${path}/${body.datasetReference.datasetId}`, body);
    return ok(body);
  };

  const append: Append = async ({ dataset, table }) => {
    appends += 1;
    // A table that is new.
    if (appends === 1) throw new Error('NOT_FOUND: Requested entity was not found');
    rows.add(`${dataset}.${table}`);
  };

  return { answer, append };
}
