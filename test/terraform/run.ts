import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countResources, problemsOf, schema } from './schema.ts';

const module = join(import.meta.dirname, '../../terraform/monitoring');
const plugins = process.env.BURNLINE_TF_PLUGINS;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Checks the generated module against the provider's schema, and with Terraform and the provider itself where they are. */
function run(): number {
  const files = readdirSync(module).filter(name => name.endsWith('.tf.json'));
  const texts = files.map(name => ({ name, text: readFileSync(join(module, name), 'utf8') }));
  const problems = texts.flatMap(({ name, text }) => problemsOf(name, text));
  const count = texts.reduce((sum, { text }) => sum + countResources(text), 0);
  for (const problem of problems) say(problem);
  say(`${count} resources against the schema of google ${schema.version}: ${problems.length} problems`);
  if (problems.length > 0 || count === 0) return 1;
  if (!plugins) {
    say('NOT RUN: validate, test, apply (BURNLINE_TF_PLUGINS names no folder with the google provider)');
    return 0;
  }
  if (!existsSync(plugins)) throw new Error(`BURNLINE_TF_PLUGINS is ${plugins}, and no such folder is there`);
  validate(plugins);
  return 0;
}

function validate(mirror: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'burnline-terraform-'));
  try {
    cpSync(module, folder, { recursive: true });
    const config = join(folder, 'terraform.rc');
    writeFileSync(
      config,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    const options = { cwd: folder, env: { ...process.env, TF_CLI_CONFIG_FILE: config }, stdio: 'inherit' } as const;
    execFileSync('terraform', ['init', '-backend=false', '-input=false', '-no-color'], options);
    execFileSync('terraform', ['validate', '-no-color'], options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(`test:terraform: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
