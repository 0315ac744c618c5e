import type { Clock } from '../../base/clock.ts';
import { BurnlineError, messageOf } from '../../base/errors.ts';
import type { sleep as sleepFor } from '../../base/sleep.ts';
import { cloudRunRequestCount } from '../sources/cloud-run.ts';
import type { Counts } from './counts.ts';
import { rolloutErrors } from './errors.ts';
import { judge, type Look } from './judge.ts';
import { isSameSplit, reallocate, servingTarget, type Traffic, type TrafficTarget } from './traffic.ts';

const { sampleSeconds, visibleAfterSeconds } = cloudRunRequestCount().metric;
const LOOK_MS = sampleSeconds * 1000;
const DELAY_MS = (sampleSeconds + visibleAfterSeconds) * 1000;
const COUNT_ATTEMPTS_MAX = 3;
const PUT_BACK_ATTEMPTS_MAX = 6;

/** What is to be rolled out, and how carefully. */
export type Plan = {
  revision: string;
  /** The share of the traffic that it gets at first, in percent. */
  sharePercent: number;
  soakSeconds: number;
  /** The share of failed requests that pages somebody: what has to be found. */
  alarmingShare: number;
};

/** What became of it. */
export type Outcome = {
  decision: 'promoted' | 'worse' | 'not-enough' | 'broken';
  oldRevision: string;
  /** The last look, if there was one. */
  look?: Look;
  /** What broke it. */
  trouble?: string;
  /** Where the traffic is: `unknown` where it could not be put back, or somebody else has changed it. */
  traffic: 'new' | 'old' | 'unknown';
};

type Parts = {
  traffic: Traffic;
  counts: Counts;
  clock: Clock;
  sleep: typeof sleepFor;
  /** Ends it early, and puts the traffic back. */
  signal: AbortSignal;
  onSplit(oldRevision: string): void;
  onLook(look: Look): void;
};

/**
 * Gives a new revision a share of the traffic, compares it with the one that serves on requests of the same minutes, and gives it all
 * or nothing. It looks once a minute, goes back as soon as the new one is worse, and promotes at the last look only. Whatever breaks
 * after the split puts the traffic back. Throws where nothing was changed.
 */
export async function rollOut(parts: Parts, plan: Plan): Promise<Outcome> {
  const { traffic, counts, clock, signal } = parts;
  const { revision, sharePercent } = plan;
  const before = await traffic.current();
  const { key, revision: oldRevision } = servingTarget(before, revision);
  const split = reallocate(before.targets, { [key]: 100 - sharePercent, [revision]: sharePercent });
  const whole = reallocate(before.targets, { [revision]: 100 });
  // What could not be counted afterwards is not begun.
  await counts.between(clock.now() - DELAY_MS, clock.now(), { new: revision, old: oldRevision });
  if (signal.aborted) throw interrupted(signal);

  const outcome: Outcome = { decision: 'broken', oldRevision, traffic: 'old' };
  let isSplit = false;
  try {
    await traffic.replace(split, before.etag, signal);
    isSplit = true;
    parts.onSplit(oldRevision);
    const watched = watch(parts, plan, oldRevision, look => {
      outcome.look = look;
      parts.onLook(look);
    });
    const { verdict } = await Promise.race([watched, interruption(signal)]);
    if (verdict === 'promote') {
      const now = await traffic.current();
      if (!isSameSplit(now.targets, split)) throw changed();
      await traffic.replace(whole, now.etag);
      return { ...outcome, decision: 'promoted', traffic: 'new' };
    }
    outcome.decision = verdict === 'worse' ? 'worse' : 'not-enough';
  } catch (error) {
    if (!isSplit && error instanceof BurnlineError && error.code === 'cloud_run_refused') throw error;
    outcome.trouble = messageOf(error);
  }
  try {
    await putBack(parts, before.targets, [split, whole]);
    return outcome;
  } catch (error) {
    const troubles = new Set([outcome.trouble, messageOf(error)].filter(text => text !== undefined));
    return { ...outcome, decision: 'broken', traffic: 'unknown', trouble: [...troubles].join('; ') };
  }
}

/** Looks at both revisions until something is decided. */
async function watch(parts: Parts, plan: Plan, oldRevision: string, onLook: (look: Look) => void): Promise<Look> {
  const { counts, clock, sleep, signal } = parts;
  const { revision, soakSeconds, alarmingShare } = plan;
  const splitAtMs = clock.now();
  const looks = Math.ceil((soakSeconds * 1000) / LOOK_MS);
  for (let number = 1; ; number += 1) {
    const dueMs = splitAtMs + Math.min(number * LOOK_MS, soakSeconds * 1000) + DELAY_MS;
    await sleep(Math.max(0, dueMs - clock.now()), signal);
    const read = () => counts.between(splitAtMs, clock.now(), { new: revision, old: oldRevision });
    const pair = await persist(read, COUNT_ATTEMPTS_MAX, ms => sleep(ms, signal));
    if (signal.aborted) throw interrupted(signal);
    const look = judge(pair, { number, looks, alarmingShare });
    onLook(look);
    if (look.verdict !== 'wait') return look;
  }
}

/** Puts the traffic back as it was, unless it is so already. What somebody else has made of it meanwhile stays. */
async function putBack(
  { traffic, sleep }: Parts,
  before: readonly TrafficTarget[],
  ours: readonly (readonly TrafficTarget[])[],
): Promise<void> {
  const attempt = async () => {
    const { targets, etag } = await traffic.current();
    if (isSameSplit(targets, before)) return true;
    if (!ours.some(each => isSameSplit(targets, each))) return false;
    await traffic.replace(before, etag);
    return true;
  };
  // An interrupted rollout goes back all the same: these waits end by themselves.
  const isBack = await persist(attempt, PUT_BACK_ATTEMPTS_MAX, ms => sleep(ms, new AbortController().signal));
  if (!isBack) throw changed();
}

/** Makes attempts again after 1, 2, 4 … s: one lost answer is no reason to undo a release, nor to leave it half done. */
async function persist<Result>(
  attempt: () => Promise<Result>,
  attemptsMax: number,
  pause: (ms: number) => Promise<void>,
): Promise<Result> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (made === attemptsMax) throw error;
      await pause(1000 * 2 ** (made - 1));
    }
  }
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(interrupted(signal));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
}

const interrupted = ({ reason }: AbortSignal) =>
  rolloutErrors.error('rollout_interrupted', `it was interrupted by ${reason}`);

const changed = () =>
  rolloutErrors.error('rollout_refused', 'somebody else has changed the traffic meanwhile, and it was left as it is');
