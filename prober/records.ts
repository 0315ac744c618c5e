import { createHash } from 'node:crypto';
import { parseJson } from '../base/json.ts';
import { formatRfc3339, type Micros } from '../base/time.ts';
import type { Fields } from './differences.ts';

/** A message's text, and the record that must come of it: without `timestamp` where the publish time stands for it. */
export type Probe = { id: string; text: string; record: Fields };

/** What a shape is filled with: the same for the same id prefix, round and place in the round. */
type Seed = { id: string; label: string; value: number; at: Micros };

const MONTH_MICROS = 30 * 86_400_000_000;
const HOURS_AHEAD = 2;

/** No number of JavaScript holds it. */
const BIG = parseJson('12345678901234567890123');

/** Every kind of field between them. Each comes to each id in turn, so that an update also takes fields away. */
const shapes: readonly ((seed: Seed) => Omit<Probe, 'id'>)[] = [
  ({ id, label, value, at }) => {
    const named = {
      id,
      name: `Zoë Ñandú 漢字 🚀 ${label}`,
      surname: `O’Higgins "\\" ${label}\n`,
      country: 'Chile',
      value,
    };
    const attributes = {
      label,
      none: null,
      big: BIG,
      nested: { list: [1, 'dos', { tres: [] }], empty: {}, yes: true },
    };
    // What is published with an offset is served in UTC.
    const timestamp = `${formatRfc3339(at + HOURS_AHEAD * 3_600_000_000).slice(0, -1)}+0${HOURS_AHEAD}:00`;
    return {
      text: JSON.stringify({ ...named, timestamp, ...attributes }),
      record: { ...named, timestamp: formatRfc3339(at), attributes },
    };
  },
  // A null stands for an optional field left out.
  ({ id, label, value }) => {
    const record = { id, name: label, surname: 'Núñez', value: value / 1e9 };
    return { text: JSON.stringify({ ...record, country: null }), record };
  },
  ({ id, label }) => ({ text: JSON.stringify({ id, name: label }), record: { id, name: label } }),
];

/** The last letters of the ids; one is no plain ASCII. */
const suffixes = ['1', '2 ñ漢', '3'] as const;

/** The messages of one round, in order of id. The first round makes the ids, a later one updates them. */
export function makeProbes({ prefix, round, now }: { prefix: string; round: number; now: Micros }): Probe[] {
  return suffixes.map((suffix, index) => {
    const id = prefix + suffix;
    const digest = createHash('sha256').update(`${id} ${round}`).digest();
    const label = `${round}-${digest.toString('base64url').slice(0, 8)}`;
    const value = digest.readInt32BE() / 1000;
    const at = now - Math.round((digest.readUInt32BE(4) / 2 ** 32) * MONTH_MICROS);
    const shape = shapes[(round + index) % shapes.length] as (typeof shapes)[number];
    return { id, ...shape({ id, label, value, at }) };
  });
}

/** A message that cannot become a record, with an id by which its dead letter can be erased. */
export function makePoison(prefix: string): { id: string; text: string } {
  const id = `${prefix}poison`;
  return { id, text: JSON.stringify({ id, name: 7 }) };
}
