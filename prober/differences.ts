import { isDeepStrictEqual } from 'node:util';
import { showValue } from '../base/errors.ts';
import { isJsonObject } from '../base/json.ts';

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** What one place shows: `the table`, `the API`. A value is `undefined` where nothing stands there. */
type Side<Value = unknown> = readonly [place: string, value: Value];

/** Where two places do not show the same. */
export type Difference = { id: string; field: string; sides: readonly [Side, Side] };

/** The field of a difference where one place has no such record at all. */
const WHOLE = 'record';

/** One value in two places: none or one difference. */
export function compare(id: string, field: string, left: Side, right: Side): Difference[] {
  return isDeepStrictEqual(left[1], right[1]) ? [] : [{ id, field, sides: [left, right] }];
}

/** One record in two places, field by field. */
export function compareRecords(
  id: string,
  left: Side<Fields | undefined>,
  right: Side<Fields | undefined>,
): Difference[] {
  if (!left[1] || !right[1]) return compare(id, WHOLE, left, right);
  const [a, b] = [fieldsOf(left[1]), fieldsOf(right[1])];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap(name => compare(id, name, [left[0], a[name]], [right[0], b[name]]));
}

/** All records in two places: every id that either shows. */
export function compareAll(
  left: Side<ReadonlyMap<string, Fields>>,
  right: Side<ReadonlyMap<string, Fields>>,
): Difference[] {
  const ids = [...new Set([...left[1].keys(), ...right[1].keys()])];
  return ids.flatMap(id => compareRecords(id, [left[0], left[1].get(id)], [right[0], right[1].get(id)]));
}

/** A record's single fields, those under `attributes` too. */
function fieldsOf({ attributes, ...named }: Fields): Fields {
  if (attributes === undefined) return named;
  if (!isJsonObject(attributes) || Object.keys(attributes).length === 0) return { ...named, attributes };
  const inside = Object.entries(attributes).map(([name, value]) => [`attributes.${name}`, value]);
  return { ...named, ...Object.fromEntries(inside) };
}

/** A difference in one sentence: `probe-1: country is "Chile" in the table and not there in the API`. */
export function describeDifference({ id, field, sides: [left, right] }: Difference): string {
  if (field === WHOLE) {
    const [[there], [missing]] = left[1] === undefined ? [right, left] : [left, right];
    return `${id} is in ${there} and not in ${missing}`;
  }
  const show = ([place, value]: Side) => `${value === undefined ? 'not there' : showValue(value)} in ${place}`;
  return `${id}: ${field} is ${show(left)} and ${show(right)}`;
}
