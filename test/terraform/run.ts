import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSpecs } from '../../slo/spec-files/load.ts';
import { applyOnEmulators } from './apply.ts';
import { applyOnLocalMonitoring } from './apply-monitoring.ts';
import { everyForm } from './every-form.ts';
import { modules } from './generated.ts';
import { countResources, problemsOf, schema } from './schema.ts';
import { changesOf, openTerraform, type Terraform } from './terraform.ts';

const folder = join(import.meta.dirname, '../../terraform');
const plugins = process.env.BURNLINE_TF_PLUGINS;
const say = (text: string) => process.stdout.write(`${text}\n`);
const EXAMPLES = ['terraform', 'environments/dev', 'environments/prod'].map(name => `${name}.tfvars.example`);

/** Checks the modules' format and the generated one against the provider's schema, and all with the provider where it is. */
async function run(): Promise<number> {
  execFileSync('terraform', ['fmt', '-check', '-recursive', '-diff', folder, import.meta.dirname], {
    stdio: 'inherit',
  });
  say('Format: fine');
  const problems = checkSchema();
  if (problems > 0) return 1;
  if (!plugins) {
    say('NOT RUN: validate, test, apply (BURNLINE_TF_PLUGINS names no folder with the google provider)');
    return 0;
  }
  const terraform = openTerraform(plugins);
  try {
    validate(terraform);
    terraform.run('terraform', ['test']);
    plan(terraform);
    await applyOnEmulators(terraform, say);
    const specs = await loadSpecs({ root: join(folder, '..') });
    await applyOnLocalMonitoring(terraform, { name: 'our-own', specs }, say);
    await applyOnLocalMonitoring(terraform, { name: 'every-form', specs: everyForm }, say);
  } finally {
    terraform.remove();
  }
  return 0;
}

/** How many problems the generated module has. */
function checkSchema(): number {
  const module = join(folder, 'monitoring');
  const files = readdirSync(module).filter(name => name.endsWith('.tf.json'));
  const texts = files.map(name => ({ name, text: readFileSync(join(module, name), 'utf8') }));
  const problems = texts.flatMap(({ name, text }) => problemsOf(name, text));
  const count = texts.reduce((sum, { text }) => sum + countResources(text), 0);
  for (const problem of problems) say(problem);
  say(`${count} resources against the schema of google ${schema.version}: ${problems.length} problems`);
  return count === 0 ? 1 : problems.length;
}

function validate(terraform: Terraform): void {
  const names = readdirSync(modules).map(name => `terraform/modules/${name}`);
  for (const each of ['terraform', 'terraform/monitoring', ...names]) {
    say(`Validate ${each}`);
    terraform.read(each, ['init', '-backend=false', '-input=false']);
    terraform.run(each, ['validate']);
  }
}

/** What the examples would make in an empty project; for that, no credentials are asked. */
function plan(terraform: Terraform): void {
  terraform.write('terraform/override.tf', 'terraform {\n  backend "local" {}\n}\n');
  terraform.read('terraform', ['init', '-reconfigure', '-input=false']);
  for (const example of EXAMPLES) {
    const changes = changesOf(terraform, 'terraform', [`-var-file=${example}`], { GOOGLE_OAUTH_ACCESS_TOKEN: 'x' });
    const other = changes.filter(change => !change.startsWith('create '));
    if (changes.length === 0 || other.length > 0)
      throw new Error(`The plan of ${example} does more than create: ${other}`);
    say(`Plan of ${example}: ${changes.length} to create`);
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`test:terraform: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
