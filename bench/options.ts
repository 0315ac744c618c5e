import { parseArgs } from 'node:util';

/** The options of a benchmark, each with what it is where it is not said; with `--help` it says so and ends. */
export function readOptions<Name extends string>(
  script: string,
  defaults: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map(name => [name, { type: 'string', default: defaults[name] } as const]));
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } });
  if (values.help) {
    const usage = names.map(name => ` [--${name} ${defaults[name]}]`).join('');
    process.stdout.write(`Usage: npm run ${script} --${usage}\n`);
    process.exit(0);
  }
  return values as Record<Name, string>;
}
