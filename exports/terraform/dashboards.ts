import { createHash } from 'node:crypto';
import type { Dashboard } from '../../slo/resources/dashboard.ts';
import type { GeneratedFile } from '../file.ts';
import { expression } from './interpolate.ts';
import { idOf, type Reference } from './names.ts';
import type { Block } from './resources.ts';

/**
 * A dashboard as the template that Terraform fills in. The provider hides what is removed from it in a plan, so a hash of the
 * content stands in a label: it changes with everything.
 */
export function dashboardTemplate(dashboard: Dashboard, interpolate: (json: string) => string): GeneratedFile {
  const { name: _, labels, ...content } = dashboard;
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  const json = JSON.stringify({ ...content, labels: { ...labels, content: hash } }, undefined, 2);
  return { path: `dashboards/${idOf(dashboard)}.json`, text: `${interpolate(json)}\n` };
}

export function dashboardBlock(dashboard: Dashboard): Block {
  const file = `"\${path.module}/dashboards/${idOf(dashboard)}.json"`;
  return {
    project: expression('var.project_id'),
    dashboard_json: expression(`templatefile(${file}, local.dashboard_variables)`),
  };
}

/** What the templates may name. */
export function dashboardVariables(references: readonly Reference[]): Block {
  const variables: Record<string, string> = {
    project_id: expression('var.project_id'),
    name_suffix: expression('var.name_suffix'),
  };
  // Object.fromEntries is slow where they are a thousand.
  for (const { variable, address } of references) variables[variable] = expression(address);
  return variables;
}
