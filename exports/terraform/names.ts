import type { Target } from '../../slo/metric.ts';

/** What resources are compiled with for Terraform: each of the two is put out as a variable. */
export const terraformTarget: Target = { project: 'burnline--project', nameSuffix: '--burnline-suffix' };

type Named = { name: string };

/** The last part of a resource's name, without an environment's suffix. */
export function idOf({ name }: Named): string {
  const id = name.slice(name.lastIndexOf('/') + 1);
  return id.endsWith(terraformTarget.nameSuffix) ? id.slice(0, -terraformTarget.nameSuffix.length) : id;
}

/** An id as a Terraform name: letters, digits, hyphens and underscores, a letter first. */
export function keyOf(...ids: readonly string[]): string {
  const key = ids.map(id => id.replaceAll(/[^\w-]/g, '-')).join('_');
  return /^[a-zA-Z_]/.test(key) ? key : `_${key}`;
}

/** The Terraform name of an SLO: its own, after its service's. */
export function objectiveKey({ name }: Named): string {
  const [, , , service = '', , objective = ''] = name.split('/');
  return keyOf(idOf({ name: service }), objective);
}

/** How another resource is told: in a module by its address, in a dashboard's template by a variable. */
export type Reference = { address: string; variable: string };

export function objectiveReference(objective: Named): Reference {
  const key = objectiveKey(objective);
  return { address: `google_monitoring_slo.${key}.name`, variable: variableOf('slo', key) };
}

export function policyReference(policy: Named): Reference {
  const key = keyOf(idOf(policy));
  const address = `trimprefix(google_monitoring_alert_policy.${key}.name, "projects/\${var.project_id}/")`;
  return { address, variable: variableOf('policy', key) };
}

export function checkReference(check: Named): Reference {
  const key = keyOf(idOf(check));
  const address = `google_monitoring_uptime_check_config.${key}.uptime_check_id`;
  return { address, variable: variableOf('check', key) };
}

function variableOf(kind: string, key: string): string {
  return `${kind}_${key.replaceAll('-', '_')}`;
}
