import autocannon from 'autocannon';
import { median, withSpread } from './statistics.ts';

const CONNECTIONS = 20;

/**
 * Requests per second of several servers for one path, measured in alternating rounds so that a machine that slows down slows
 * all of them. Throws where a server answers anything but 2xx.
 */
export async function compareThroughput<Name extends string>(options: {
  urls: Readonly<Record<Name, string>>;
  path: string;
  rounds: number;
  secondsPerRound: number;
}): Promise<Record<Name, number[]>> {
  const names = Object.keys(options.urls) as Name[];
  const perSecond = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -1; round < options.rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const rate = await measure(options.urls[name] + options.path, options.secondsPerRound);
      if (round >= 0) perSecond[name].push(rate); // The first round warms up.
    }
  }
  return perSecond;
}

async function measure(url: string, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds });
  // Its own duration is in whole seconds.
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${url} answered ${result.non2xx} times with an error status and ${result.errors} times not at all`,
    );
  }
  return result['2xx'] / elapsedSeconds;
}

/** The ratio of two servers round by round, and what it stands on. */
export function ratio(of: readonly number[], to: readonly number[]): string {
  const ratios = of.map((rate, round) => rate / (to[round] ?? Number.NaN));
  return `${withSpread(ratios)}   ${median(of).toFixed(0)}/s to ${median(to).toFixed(0)}/s`;
}
