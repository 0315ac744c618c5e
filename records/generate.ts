import { base, en, es, es_MX, Faker } from '@faker-js/faker';
import { type Column, recordColumns } from './columns.ts';
import type { DeadLetterReason } from './dead-letters.ts';
import type { DataRecord } from './record.ts';

type Field = keyof DataRecord;
type Payload = Record<string, unknown>;

/** The shapes in which producers send records. The fields under `attributes` stand beside the others, as extra fields. */
export const shapes = {
  event: ['id', 'name', 'timestamp'],
  person: ['id', 'name', 'surname', 'country'],
  measurement: ['id', 'name', 'value'],
  extended: ['id', 'name', 'timestamp', 'attributes'],
  minimal: ['id', 'name'],
} as const satisfies Readonly<Record<string, readonly Field[]>>;

/** The ways to spoil a record, and what ingest must say of each. */
export const poisonKinds = {
  broken_json: 'not_json',
  missing_id: 'invalid_record',
  wrong_type: 'invalid_record',
  implausible_timestamp: 'invalid_record',
} as const satisfies Readonly<Record<string, DeadLetterReason>>;

export type PoisonKind = keyof typeof poisonKinds;

/** A message's text, with the id that it carries or, spoilt, would have carried. */
export type Generated = { id: string; text: string; poison?: PoisonKind };

/**
 * Records as producers send them, without end: the same `seed` and `now` give the same ones.
 *
 * @param seed an integer from 0 to 2^32 - 1
 * @param now milliseconds since the Unix epoch; records lie within the 30 days before
 * @param poisonShare 0 to 1: that share of any stretch is spoilt, spread evenly, one kind after the other
 * @example
 * for (const { text } of generateRecords({ seed: 42, now: Date.now() }).take(10)) send(text);
 */
export function* generateRecords(options: { seed: number; now: number; poisonShare?: number }): Generator<Generated> {
  const { seed, now, poisonShare = 0 } = options;
  // es_MX first: its names; then what Spanish and English add.
  const faker = new Faker({ locale: [es_MX, es, en, base], seed });
  const kinds = Object.keys(poisonKinds) as PoisonKind[];
  let poisoned = 0;
  for (let made = 1; ; made += 1) {
    const payload = makePayload(faker, now);
    const id = String(payload.id);
    // The small addend lets 100 messages at 0.29 be 29, though 100 * 0.29 is a little less.
    const kind = Math.floor(made * poisonShare + 1e-9) > poisoned ? kinds[poisoned % kinds.length] : undefined;
    if (kind === undefined) {
      yield { id, text: JSON.stringify(payload) };
    } else {
      poisoned += 1;
      yield { id, text: spoil[kind](payload, faker), poison: kind };
    }
  }
}

function makePayload(faker: Faker, now: number): Payload {
  const fields: readonly Field[] = shapes[faker.helpers.objectKey(shapes)];
  const { attributes, ...payload }: Payload = Object.fromEntries(
    fields.map(field => [field, makers[field](faker, now)]),
  );
  return { ...payload, ...(attributes as Payload | undefined) };
}

// The type asks for a maker of each field of the schema.
const makers: { [F in Field]-?: (faker: Faker, now: number) => NonNullable<DataRecord[F]> } = {
  id: faker => faker.string.uuid(),
  name: faker => faker.person.firstName(),
  timestamp: (faker, now) => faker.date.recent({ days: 30, refDate: now }).toISOString(),
  surname: faker => faker.person.lastName(),
  country: faker => faker.location.country(),
  value: faker => faker.number.float({ min: -1000, max: 1000, fractionDigits: 2 }),
  attributes: faker => ({
    flight: faker.airline.flightNumber({ addLeadingZeros: true }),
    airport: faker.airline.airport(),
    seats: Array.from({ length: 2 }, () => faker.airline.seat()),
  }),
};

const wrongValues: Readonly<Record<Column['kind'], unknown>> = {
  text: 42,
  number: 'abc',
  timestamp: 'yesterday',
  json: 'none',
};

const spoil: Readonly<Record<PoisonKind, (payload: Payload, faker: Faker) => string>> = {
  broken_json(payload, faker) {
    const text = JSON.stringify(payload);
    return text.slice(0, faker.number.int({ min: 1, max: text.length - 1 }));
  },
  missing_id: ({ id: _, ...payload }) => JSON.stringify(payload),
  wrong_type(payload, faker) {
    const { name, kind } = faker.helpers.arrayElement(recordColumns.filter(column => column.name in payload));
    return JSON.stringify({ ...payload, [name]: wrongValues[kind] });
  },
  implausible_timestamp(payload, faker) {
    const year = faker.helpers.arrayElement([1970, 2099]);
    return JSON.stringify({ ...payload, timestamp: `${year}-01-01T00:00:00Z` });
  },
};
