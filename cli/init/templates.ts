import { join } from 'node:path';

/** The files that a first spec needs, by path. */
export function templates(options: {
  service: string;
  folder: string;
  owner: string;
  location: string;
  version: string;
}): Readonly<Record<string, string>> {
  const { service, folder, owner, location, version } = options;
  return {
    [join(folder, `${service}.slo.ts`)]: spec(service, owner, location),
    [`alerts/runbooks/${service}.md`]: runbook(service),
    '.github/workflows/slo.yml': workflow,
    'package.json': packageJson(version),
    'tsconfig.json': tsconfig,
  };
}

const IMPORTED = ['availability', 'cloudRun', 'cloudRunRequests', 'httpServerDuration', 'latency', 'service'];
// Words that JavaScript has for itself in a module, and `undefined`, which TypeScript has.
const WORDS =
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
finally for function if implements import in instanceof interface let new null package private protected public return static super
switch this throw true try typeof undefined var void while with yield`.split(/\s/);
const TAKEN = new Set([...IMPORTED, ...WORDS]);

/** The name of the constant that holds a service: its id in camel case, or something like it where that is no free name. */
function constantFor(service: string): string {
  const name = service.replaceAll(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (TAKEN.has(name)) return `${name}Service`;
  return /^[a-z]/.test(name) ? name : `service${name}`;
}

function spec(service: string, owner: string, location: string): string {
  return `import { ${IMPORTED.join(', ')} } from 'burnline';

export const ${constantFor(service)} = service('${service}', {
  owner: '${owner}',
  runsOn: cloudRun({ service: '${service}', location: '${location}' }),
  slos: [
    availability({
      goal: 0.999,
      period: '28d',
      sli: cloudRunRequests(),
      why: 'Say what users do when one request in a thousand fails, and why that is what they bear.',
    }),
    latency({
      goal: 0.99,
      under: '500ms',
      period: '28d',
      // OpenTelemetry's http.server.request.duration; without OpenTelemetry: cloudRunLatencies().
      sli: httpServerDuration(),
      why: 'Say what somebody waits for, and from when on it feels slow.',
    }),
  ],
  // How many requests the quietest hour has: with few of them, one failure alone would page.
  traffic: { quietestHour: 400 },
  runbook: 'runbooks/${service}.md',
});
`;
}

function runbook(service: string): string {
  return `# ${service}

Who is hurt, and how they notice.

## First

1. A deploy in the last hour? Send the traffic back to the revision before.
2. All instances or one?
3. Which error? The logs, and the trace of a failed request.

## By alert

| alert | likely | do |
| --- | --- | --- |
| Availability burns | | |
| Latency burns | | |
| No data | telemetry is lost, or nobody calls | |
`;
}

const workflow = `name: slo
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  slo:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
      - run: npm install --ignore-scripts
      - run: npx burnline check --format github
      - run: npx burnline generate --check
      - if: github.event_name == 'pull_request'
        env:
          BASE: origin/\${{ github.base_ref }}
        run: npx burnline plan --against "$BASE" --format markdown >> "$GITHUB_STEP_SUMMARY"
`;

// Node loads a spec as a module only where the package says so.
function packageJson(version: string): string {
  const content = {
    private: true,
    type: 'module',
    burnline: { outputs: ['terraform', 'handbook'] },
    devDependencies: { burnline: version },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2024',
      strict: true,
      noEmit: true,
      erasableSyntaxOnly: true,
      types: [],
    },
    include: ['**/*.slo.ts'],
  },
  undefined,
  2,
)}\n`;
