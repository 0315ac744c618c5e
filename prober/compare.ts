import { formatRfc3339 } from '../base/time.ts';
import { formatVersion } from '../records/version.ts';
import type { Served } from './api.ts';
import { compare, compareAll, compareRecords, type Difference, type Fields } from './differences.ts';
import type { Probe } from './records.ts';
import type { Stored } from './table.ts';

type Rows = ReadonlyMap<string, Stored>;

const TABLE = 'the table';
const API = 'the API';
const PAGES = 'the pages of the API';

/** What was published against the table, and the table against what the API serves of it. */
export function compareRound(probes: readonly Probe[], rows: Rows, served: ReadonlyMap<string, Served>): Difference[] {
  const messages = probes.map(({ id, record }) => {
    const publishedAt = rows.get(id)?.version.orderedAt;
    // A record without a time of its own has that of its publishing.
    return [id, { ...(publishedAt && { timestamp: formatRfc3339(publishedAt) }), ...record }] as const;
  });
  return [
    ...compareAll(['the message', new Map(messages)], [TABLE, recordsOf(rows)]),
    ...probes.flatMap(({ id }) => compareServed(id, rows.get(id), served.get(id))),
  ];
}

function compareServed(id: string, row: Stored | undefined, answer: Served | undefined): Difference[] {
  const versionOf = (of: Partial<Served> | undefined) => of?.version && formatVersion(of.version);
  // Of an older version nearly every field differs: which it is says more.
  const versions = row && answer ? compare(id, 'version', [TABLE, versionOf(row)], [API, versionOf(answer)]) : [];
  return versions.length > 0 ? versions : compareRecords(id, [TABLE, row?.record], [API, answer?.record]);
}

/** The table against a listing: each record once, in order of id, and whole. */
export function compareListing(rows: Rows, listed: readonly Fields[]): Difference[] {
  const ids = listed.map(({ id }) => String(id));
  const items = new Map(listed.map((record, index) => [ids[index] ?? '', record]));
  const differences = compareAll([TABLE, recordsOf(rows)], [PAGES, items]);
  return differences.length > 0
    ? differences
    : compare('all records', 'order', [TABLE, [...rows.keys()]], [PAGES, ids]);
}

const recordsOf = (rows: Rows) => new Map([...rows].map(([id, { record }]): [string, Fields] => [id, record]));
