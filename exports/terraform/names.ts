import type { Target } from '../../slo/metric.ts';
import type { Resources } from '../compile.ts';

/** What resources are compiled with for Terraform: each of the two is put out as a variable. */
export const terraformTarget: Target = { project: 'burnline--project', nameSuffix: '--burnline-suffix' };

/** The last part of a resource's name, without an environment's suffix. */
export function idOf({ name }: { name: string }): string {
  const id = name.slice(name.lastIndexOf('/') + 1);
  return id.endsWith(terraformTarget.nameSuffix) ? id.slice(0, -terraformTarget.nameSuffix.length) : id;
}

/** An id as a Terraform name: letters, digits, hyphens and underscores, a letter first. */
export function keyOf(...ids: readonly string[]): string {
  const key = ids.map(id => id.replaceAll(/[^\w-]/g, '-')).join('_');
  return /^[a-zA-Z_]/.test(key) ? key : `_${key}`;
}

/** The Terraform name of an SLO: its own, after its service's. */
export function objectiveKey({ name }: { name: string }): string {
  const [, , , service = '', , objective = ''] = name.split('/');
  return keyOf(idOf({ name: service }), objective);
}

/** Text of a resource that stands for another one: what it is in a module, and which variable of a dashboard's template it is. */
export type Reference = { text: string; address: string; variable: string };

/** All that resources may name of each other, by what they compile to. */
export function referencesOf({ objectives, policies, uptimeChecks }: Resources): Reference[] {
  const { nameSuffix } = terraformTarget;
  return [
    ...objectives.map(objective => {
      const key = objectiveKey(objective);
      return { text: objective.name, address: `google_monitoring_slo.${key}.name`, variable: `slo_${key}` };
    }),
    ...policies.map(policy => {
      const key = keyOf(idOf(policy));
      const address = `trimprefix(google_monitoring_alert_policy.${key}.name, "projects/\${var.project_id}/")`;
      return { text: `${idOf(policy)}${nameSuffix}`, address, variable: `policy_${key}` };
    }),
    ...uptimeChecks.map(check => {
      const key = keyOf(idOf(check));
      const address = `google_monitoring_uptime_check_config.${key}.uptime_check_id`;
      return { text: `${idOf(check)}${nameSuffix}`, address, variable: `check_${key}` };
    }),
  ].map(reference => ({ ...reference, variable: reference.variable.replaceAll('-', '_') }));
}
