/** What the variables of a command line may hold, for commander to read. */
const SAMPLES: Readonly<Record<string, string>> = {
  BASE: 'origin/main',
  CHANGE: 'fix',
  NAME_SUFFIX: '-dev',
  PROJECT: 'my-project',
  REASON: 'first deploy',
  REGION: 'us-central1',
  REVISION: 'records-api-r1-1',
};

/** The arguments of a command as the shell splits them, with every optional part there, without where its output goes. */
export function argvOf(line: string): string[] {
  const whole = line.replaceAll(/\$\{\w+:\+([^}]*)\}/g, '$1');
  const [command = ''] = whole.split(/ (?:>>?|\|) /);
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  return words.map(word => word.replaceAll('"', '').replaceAll(/\$(\w+)/g, (_, name: string) => sampleOf(name)));
}

function sampleOf(name: string): string {
  const sample = SAMPLES[name];
  if (sample === undefined) throw new Error(`there is no sample for $${name}`);
  return sample;
}
