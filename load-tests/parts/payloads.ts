/** A record as it is sent, and with its other fields under `attributes` as it is answered. */
export type Sent = Record<string, unknown> & { id: string };

type Of = { id: string; seed: number; number: number; at: string };

const NAMES = ['Ada', 'Zoë', 'Nuria', 'Jürgen', 'Σοφία', '花子', 'O’Neill', '🙂'] as const;
const COUNTRIES = ['Chile', 'México', 'Côte d’Ivoire', '日本'] as const;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A record with every field of the schema, and two of its own: the same for the same seed, number and time. */
export function recordToSend({ id, seed, number, at }: Of): Sent {
  const random = createRandom(seed * 1_000_003 + number);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)];
  return {
    id,
    name: pick(NAMES),
    timestamp: at,
    surname: pick(NAMES),
    country: pick(COUNTRIES),
    value: Math.round(random() * 2_000_000 - 1_000_000) / 100,
    loadTest: number,
    seats: [Math.floor(random() * 40), pick(NAMES)],
  };
}

/** The same record as the API answers it. */
export function recordToGet(of: Of): Sent {
  const { loadTest, seats, ...named } = recordToSend(of);
  return { ...named, attributes: { loadTest, seats } };
}
