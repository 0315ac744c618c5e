import { type Reference, terraformTarget } from './names.ts';

const { project, nameSuffix } = terraformTarget;

/** Where a text goes: into a module's JSON, or into the template of a dashboard, which has variables of its own. */
type Place = 'module' | 'template';

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

// Each begins with text that is rarely met, so that a search over a large file stays fast.
const NAMES = [
  new RegExp(`()(projects/${project}/services/[^/"\\\\]+/serviceLevelObjectives/[^"\\\\]+)`, 'g'),
  new RegExp(`(alertPolicies/)([\\w.:-]+?${nameSuffix})`, 'g'),
  new RegExp(`(check_id=\\\\{0,3}")([\\w.:-]+?${nameSuffix})`, 'g'),
];

/**
 * What turns the JSON of something compiled into Terraform's: what would be a template in a user's text is escaped, and what stands for
 * another resource becomes a reference to it.
 */
export function createInterpolation(references: readonly Reference[], place: Place): (json: string) => string {
  const byText = new Map(references.map(reference => [reference.text, reference]));
  const variables = VARIABLES[place];
  const refer = (_: string, before: string, text: string) => {
    const reference = byText.get(text);
    if (!reference) return before + text;
    return `${before}\${${place === 'module' ? reference.address : reference.variable}}`;
  };
  return json => {
    // `${` and `%{` begin a template in Terraform; doubled they are text.
    const escaped = json.replaceAll('${', '$$$${').replaceAll('%{', '%%{');
    return NAMES.reduce((text, name) => text.replaceAll(name, refer), escaped)
      .replaceAll(project, `\${${variables.project}}`)
      .replaceAll(nameSuffix, `\${${variables.nameSuffix}}`)
      .replaceAll(DOLLAR, '$');
  };
}
