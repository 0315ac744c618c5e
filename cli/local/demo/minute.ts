export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The mean of a working day, a minute. At night of a weekend it is a quarter, which is still what our specs count on. */
const REQUESTS = 60;
const MESSAGES = 150;

/** From after its start until its end. */
type Interval = { startMs: number; endMs: number };

/** What happened in a minute. */
export type Minute = {
  isIncident: boolean;
  /** Requests of the API: pages, single records and those that failed; and of those answered, the ones that were not fresh. */
  listed: number;
  got: number;
  failed: number;
  stale: number;
  /** Deliveries to ingest, by whether they were stored. */
  stored: number;
  unstored: number;
  /** Walks of the prober that were late, of one. */
  late: number;
};

/** The incident, on the ninth day before: for 40 minutes of its afternoon a fifth of the requests fails, and the others are slow. */
export function incidentBefore(nowMs: number): Interval {
  const startMs = Math.floor(nowMs / DAY_MS) * DAY_MS - 9 * DAY_MS + 14 * HOUR_MS + 10 * MINUTE_MS;
  return { startMs, endMs: startMs + 40 * MINUTE_MS };
}

/** Makes minutes up, each by when it ends. */
export function createMinutes({ random, incident }: { random: () => number; incident: Interval }) {
  /** A share of a whole number, whole too, and right on average. */
  const someOf = (all: number, share: number) => Math.floor(all * share + random());

  return function minuteOf(endMs: number): Minute {
    const isIncident = endMs > incident.startMs && endMs <= incident.endMs;
    const load = rhythm(endMs) * (0.9 + 0.2 * random());
    const requests = someOf(REQUESTS, load);
    const failed = someOf(requests, isIncident ? 0.2 : 0.0002);
    const answered = requests - failed;
    const listed = someOf(answered, 0.6);
    const messages = someOf(MESSAGES, load);
    const unstored = someOf(messages, 0.00005);
    return {
      ...{ isIncident, failed, listed, got: answered - listed, unstored, stored: messages - unstored },
      stale: someOf(answered, isIncident ? 0.02 : 0.001),
      late: someOf(1, isIncident ? 0.05 : 0.002),
    };
  };
}

/** More by day than by night, most in the afternoon, and less on Saturday and Sunday, all in UTC: 1 on the mean of a working day. */
function rhythm(atMs: number): number {
  const daily = 1 + 0.6 * Math.sin(((atMs % DAY_MS) / DAY_MS - 0.375) * 2 * Math.PI);
  return daily * (new Date(atMs).getUTCDay() % 6 === 0 ? 0.6 : 1);
}
