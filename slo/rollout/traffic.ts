import { rolloutErrors } from './errors.ts';

export const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const BY_REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

/** Where a part of the traffic goes, as Cloud Run writes it; with a tag and no share, it has an address and no traffic. */
export type TrafficTarget = { type?: string; revision?: string; percent?: number; tag?: string };

/** A service's traffic, as it is meant to be. */
export type TrafficState = {
  targets: readonly TrafficTarget[];
  /** The revision that a target of type latest means, if there is a ready one. */
  latestRevision?: string;
  /** Changes with every change of the service. */
  etag: string;
};

/** The traffic of one service. */
export type Traffic = {
  current(): Promise<TrafficState>;
  /**
   * Replaces all targets, and waits until it is so; no longer than until the signal aborts. Throws `cloud_run_refused` where nothing
   * was changed, because the service is another one than the etag says or the targets are not possible, and anything else where it may
   * have been.
   */
  replace(targets: readonly TrafficTarget[], etag: string, signal?: AbortSignal): Promise<void>;
};

/** The one target that has all the traffic, by which a rollout can begin. Throws `rollout_refused` where there is none. */
export function servingTarget({ targets, latestRevision }: TrafficState, newRevision: string) {
  const shares = Object.entries(sharesOf(targets));
  const [key = '', ...others] = shares.map(([name]) => name);
  const revision = key === LATEST ? latestRevision : key;
  if (others.length > 0) {
    const split = shares.map(([name, percent]) => `${name} ${percent} %`).join(', ');
    const what =
      'a rollout is under way or was killed. Wait for it, or give one revision all of it (gcloud run services update-traffic)';
    throw rolloutErrors.error('rollout_refused', `the traffic is split already (${split}): ${what}`);
  }
  if (revision === undefined) throw rolloutErrors.error('rollout_refused', 'no revision has any traffic yet');
  if (revision === newRevision) {
    const advice =
      'there is nothing to compare it with. Deploy a new one without traffic (gcloud run deploy --no-traffic)';
    throw rolloutErrors.error('rollout_refused', `${revision} has all the traffic: ${advice}`);
  }
  return { key, revision };
}

/** The targets with other shares, by revision or `LATEST`. Tags stay where they are. */
export function reallocate(
  targets: readonly TrafficTarget[],
  shares: Readonly<Record<string, number>>,
): readonly TrafficTarget[] {
  const left = new Map(Object.entries(shares));
  const take = (key: string) => {
    const percent = left.get(key) ?? 0;
    left.delete(key);
    return percent === 0 ? {} : { percent };
  };
  const known = orDefault(targets).map(({ percent: _, ...target }) => ({ ...target, ...take(keyOf(target)) }));
  const added = [...left].map(([revision, percent]) => ({ type: BY_REVISION, revision, percent }));
  return [...known.filter(({ percent, tag }) => percent !== undefined || tag !== undefined), ...added];
}

/** Whether two lists send the traffic to the same revisions. */
export function isSameSplit(some: readonly TrafficTarget[], others: readonly TrafficTarget[]): boolean {
  const [a, b] = [sharesOf(some), sharesOf(others)];
  return Object.keys({ ...a, ...b }).every(key => a[key] === b[key]);
}

function sharesOf(targets: readonly TrafficTarget[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const target of orDefault(targets)) {
    const key = keyOf(target);
    if (target.percent) shares[key] = (shares[key] ?? 0) + target.percent;
  }
  return shares;
}

const keyOf = ({ type, revision }: TrafficTarget) => (type === LATEST ? LATEST : (revision ?? LATEST));

/** Cloud Run's own default. */
const orDefault = (targets: readonly TrafficTarget[]) =>
  targets.length > 0 ? targets : [{ type: LATEST, percent: 100 }];
