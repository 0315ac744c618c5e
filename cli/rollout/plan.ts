import type { ObjectiveEntry } from '../../slo/catalogue.ts';
import { firingRatio } from '../../slo/maths.ts';
import { valuesOf } from '../../slo/metric.ts';
import { findService } from '../check/find-service.ts';
import { checkSpecs } from '../check/specs.ts';
import { cliErrors } from '../errors.ts';

/** What the specs say of a service that is to be rolled out. */
export type Guarded = {
  /** The Cloud Run service. */
  name: string;
  location: string;
  /** The SLO by which it is judged, and from which burn rate on it pages. */
  slo: { id: string; goal: number; threshold: number };
  /** The share of failed requests from which on that pages: `threshold * budget`. */
  alarmingShare: number;
};

/** Finds it in the specs of a folder. Throws where there is no such service, or nothing to judge it by. */
export async function findGuarded(root: string, options: { service: string; nameSuffix: string }): Promise<Guarded> {
  const { specs } = await checkSpecs(root);
  const service = findService(specs, options.service, { project: '', nameSuffix: options.nameSuffix });
  const id = JSON.stringify(service.id);
  const { service_name, location } = service.series?.cloud_run_revision ?? {};
  if (service_name === undefined || location === undefined) {
    throw cliErrors.error('usage', `${id} does not run on Cloud Run, says its spec: there is no revision to roll out`);
  }
  const paging = service.objectives.flatMap(toPaging)[0];
  if (paging === undefined) {
    const wanted = 'an availability SLO that counts requests and has an alert that pages';
    throw cliErrors.error('usage', `${id} has nothing to judge a revision by: give its spec ${wanted}`);
  }
  const only = (match: typeof service_name) => valuesOf(match, options).values[0] ?? '';
  return { name: only(service_name), location: only(location), slo: paging, alarmingShare: firingRatio(paging) };
}

/** An objective that counts failed requests, with its fastest page. */
function toPaging({ id, kind, goal, sli, tiers }: ObjectiveEntry): Guarded['slo'][] {
  const pages = tiers.filter(({ severity }) => severity === 'page').toSorted((a, b) => a.longSeconds - b.longSeconds);
  const isMeant = kind === 'availability' && sli.form !== 'windows';
  return isMeant ? pages.slice(0, 1).map(({ threshold }) => ({ id, goal, threshold })) : [];
}
