import { crc32 } from 'node:zlib';
import type { Dashboard } from '../../slo/resources/dashboard.ts';
import type { GeneratedFile } from '../file.ts';
import { expression } from './interpolate.ts';
import { idOf, type Reference } from './names.ts';
import type { Block } from './resources.ts';

// What follows the hash, which is the last label.
const END = '"\n  }\n}\n';
const HASH_LENGTH = 8;

/**
 * A dashboard as the template that Terraform fills in. The provider hides what is removed from it in a plan, so a hash of the
 * content stands in a label: it changes with everything.
 */
export function dashboardTemplate(dashboard: Dashboard, interpolate: (json: string) => string): GeneratedFile {
  const { name: _, labels, ...content } = dashboard;
  const json = JSON.stringify({ ...content, labels: { ...labels, content: '' } }, undefined, 2);
  return { path: `dashboards/${idOf(dashboard)}.json`, text: withHash(`${interpolate(json)}\n`) };
}

/** Whether a text is a template that we wrote and nobody has edited since: its hash is right. JSON has no comment that would say so. */
export function isTemplateAsWritten(text: string): boolean {
  return text === withHash(text.slice(0, -END.length - HASH_LENGTH) + END);
}

function withHash(text: string): string {
  // Node's crypto takes longer to load than all of them to write, and a hash in JavaScript longer to run than zlib to load.
  const hash = crc32(text).toString(16).padStart(HASH_LENGTH, '0');
  return text.slice(0, -END.length) + hash + END;
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
