import autocannon from 'autocannon';
import { cpuMicros, type Served } from './processes.ts';
import { median, withSpread } from './statistics.ts';

const CONNECTIONS = 20;
const WARM_UP_SECONDS = 3;

/** What one server did in each round: requests answered per second, and its processor time per request. */
export type Rounds = { perSecond: number[]; cpuMicros: number[] };

/**
 * Loads several servers with one path, in alternating rounds so that a machine that slows down slows all of them. Throws where
 * a server answers anything but 2xx.
 */
export async function compareServers<Name extends string>(options: {
  servers: Readonly<Record<Name, Served>>;
  path: string;
  rounds: number;
  secondsPerRound: number;
}): Promise<Record<Name, Rounds>> {
  const { servers, path, rounds, secondsPerRound } = options;
  const names = Object.keys(servers) as Name[];
  const measured = Object.fromEntries(names.map(name => [name, { perSecond: [], cpuMicros: [] }])) as unknown as Record<
    Name,
    Rounds
  >;
  for (const name of names) await measure(servers[name], path, WARM_UP_SECONDS);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { perSecond, cpuMicros } = await measure(servers[name], path, secondsPerRound);
      measured[name].perSecond.push(perSecond);
      measured[name].cpuMicros.push(cpuMicros);
    }
  }
  return measured;
}

async function measure({ url, pid }: Served, path: string, seconds: number) {
  const [startedAt, cpuBefore] = [performance.now(), cpuMicros(pid)];
  const result = await autocannon({ url: url + path, connections: CONNECTIONS, duration: seconds });
  // Its own duration is in whole seconds.
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${url}${path} answered ${result.non2xx} times with an error and ${result.errors} times not at all`,
    );
  }
  const requests = result['2xx'];
  return { perSecond: requests / elapsedSeconds, cpuMicros: (cpuMicros(pid) - cpuBefore) / requests };
}

/** The throughput of one server over another's, round by round, then the processor time per request of both. */
export function describeRatio(of: Rounds, to: Rounds): string {
  const ratios = of.perSecond.map((rate, round) => rate / (to.perSecond[round] ?? Number.NaN));
  const rates = `${median(of.perSecond).toFixed(0)}/s to ${median(to.perSecond).toFixed(0)}/s`;
  return `${withSpread(ratios)}   ${rates}, CPU ${median(of.cpuMicros).toFixed(0)} µs to ${median(to.cpuMicros).toFixed(0)} µs`;
}
