import { createHash } from 'node:crypto';
import { showValue } from '../../base/errors.ts';
import { apiErrors } from '../errors.ts';

/** Which part of a list is asked for. */
export type PageQuery = { offset: number; size: number; tokenFor(offset: number): string };

/**
 * Reads the page of a query. A token is good for the query that it came from and for no other; 0 items are as many as there may
 * be. Throws `argument_invalid`.
 */
export function readPage(query: URLSearchParams, itemsMax: number): PageQuery {
  const size = Number(query.get('pageSize') ?? 0);
  if (!Number.isInteger(size) || size < 0)
    throw invalid('pageSize', 'must be a whole number from 0', query.get('pageSize'));
  const mark = markOf(query);
  const tokenFor = (offset: number) => `${offset}.${mark}`;
  const token = query.get('pageToken') || tokenFor(0);
  const offset = /^\d{1,12}(?=\.)/.exec(token)?.[0];
  if (offset === undefined || token !== tokenFor(Number(offset))) {
    throw invalid('pageToken', 'must be the nextPageToken of the same query', token);
  }
  return { offset: Number(offset), size: Math.min(size || itemsMax, itemsMax), tokenFor };
}

/** A page of a list, under the list's name; as Google does, an empty list is left out, and so is the token of no page. */
export function toPage(name: string, items: readonly unknown[], { offset, size, tokenFor }: PageQuery): object {
  const end = offset + size;
  const found = items.slice(offset, end);
  return { ...(found.length > 0 && { [name]: found }), ...(end < items.length && { nextPageToken: tokenFor(end) }) };
}

function markOf(query: URLSearchParams): string {
  const rest = [...query].filter(([name]) => name !== 'pageToken' && name !== 'pageSize');
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 12);
}

function invalid(field: string, rule: string, value: string | null) {
  const problems = [{ field, rule, value: showValue(value) }];
  return apiErrors.error('argument_invalid', `${field} ${rule}, not ${showValue(value)}`, { problems });
}
