import type { UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import { checkReference, idOf, type Reference, terraformTarget } from './names.ts';

const { project, nameSuffix } = terraformTarget;

/** Where a text goes: into a module's JSON, or into the template of a dashboard, which has variables of its own. */
export type Place = 'module' | 'template';

const VARIABLES = {
  module: { project: 'var.project_id', nameSuffix: 'var.name_suffix' },
  template: { project: 'project_id', nameSuffix: 'name_suffix' },
} as const;

// Stands for the dollar of an expression of ours until all other text, which is a user's, is escaped. No text has it, JSON leaves it as
// it is, and it takes one byte: else every file would take two for each of its characters.
const DOLLAR = '\u{7F}';

/** An expression of ours as a string of Terraform's JSON. */
export function expression(text: string): string {
  return `\${${text}}`.replaceAll('${', `${DOLLAR}{`);
}

/** Another resource as a string of Terraform's JSON, or of a template. */
export function referTo({ address, variable }: Reference, place: Place): string {
  return expression(place === 'module' ? address : variable);
}

const CHECK = new RegExp(`(check_id=\\\\{0,3}")([\\w.:-]+?)${nameSuffix}`, 'g');

/**
 * What turns the JSON of something compiled into Terraform's: what would be a template in a user's text is escaped, and the names of
 * uptime checks, which stand in filters, become references to them.
 */
export function createInterpolation(checks: readonly UptimeCheckConfig[], place: Place): (json: string) => string {
  const byId = new Map(checks.map(check => [idOf(check), referTo(checkReference(check), place)]));
  const variables = VARIABLES[place];
  const referToChecks = (json: string) =>
    json.replaceAll(CHECK, (name, before, id) => (byId.has(id) ? before + byId.get(id) : name));
  return json =>
    // `${` and `%{` begin a template in Terraform; doubled they are text.
    (byId.size > 0 ? referToChecks(json) : json)
      .replaceAll('${', '$$$${')
      .replaceAll('%{', '%%{')
      .replaceAll(project, `\${${variables.project}}`)
      .replaceAll(nameSuffix, `\${${variables.nameSuffix}}`)
      .replaceAll(DOLLAR, '$');
}
