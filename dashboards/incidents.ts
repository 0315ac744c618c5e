import type { AlertPolicy } from '../slo/resources/alerting.ts';
import type { Placed } from './layout.ts';
import { incidentList } from './widgets.ts';

/** More than a list of incidents names; beyond it, the list is of the whole project. */
const POLICIES_MAX = 25;

/** What a dashboard needs of a policy. */
export type NamedPolicy = Pick<AlertPolicy, 'name' | 'userLabels'>;

/** The incidents of policies; none where there is no policy, for a list that names none shows all. */
export function incidents(policies: readonly NamedPolicy[], size: Placed['size']): Placed[] {
  if (policies.length === 0) return [];
  if (policies.length > POLICIES_MAX) return [{ widget: incidentList('Incidents of the project'), size }];
  const policyNames = policies.map(({ name }) => name.slice(name.indexOf('alertPolicies/')));
  return [{ widget: incidentList('Incidents', { policyNames }), size }];
}
