// Prints how long `burnline generate` of the package as it is published takes for fifty services of four SLOs each, all outputs and
// checks, from the start of the process: as a ratio to `sloth generate` for the rules alone, where Sloth is installed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from './options.ts';
import { withSpread } from './statistics.ts';

const values = readOptions('bench:generate', {
  services: '50',
  rounds: '9',
  sloth: 'sloth',
});
const root = join(import.meta.dirname, '..');
const published = join(root, 'dist/package');
const folder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
const print = (what: string, figure: string) => process.stdout.write(`${what.padEnd(58)} ${figure}\n`);

const spec = (
  id: string,
) => `import { availability, cloudRun, cloudRunRequests, freshness, httpServerDuration, latency, ratio, service } from 'burnline';

const why = 'Because.';

export const ${id} = service('${id}', {
  owner: 'team',
  runsOn: cloudRun({ service: '${id}', location: 'us-central1' }),
  traffic: { quietestHour: 1000 },
  runbook: 'https://example.com/${id}',
  slos: [
    availability({ goal: 0.999, period: '28d', sli: cloudRunRequests(), why }),
    latency({ goal: 0.99, under: '200ms', period: '28d', sli: httpServerDuration(), why }),
    latency({ id: 'slowest', goal: 0.999, under: '1s', period: '28d', sli: httpServerDuration(), why }),
    freshness({ goal: 0.99, under: '60s', period: '28d', sli: ratio('reads', { good: { fresh: 'true' } }), why }),
  ],
});
`;

const sloth = (id: string) => `version: prometheus/v1
service: ${id}
slos:
${['availability', 'latency', 'slowest', 'freshness'].map(slothSlo).join('')}`;

const slothSlo = (name: string) => `  - name: ${name}
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{slo="${name}",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{slo="${name}"}[{{.window}}]))
    alerting:
      name: ${name}
      page_alert: {}
      ticket_alert: {}
`;

/** Milliseconds that a command takes, from its start to its end. */
function measure(command: string, args: readonly string[], cwd = folder): number {
  const startedAt = performance.now();
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

try {
  for (const name of ['slo', 'sloth', 'out', 'node_modules']) mkdirSync(join(folder, name));
  measure('npm', ['run', '--silent', 'build'], root);
  symlinkSync(published, join(folder, 'node_modules/burnline'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "burnline": { "specs": ["slo"] } }');
  for (let index = 0; index < Number(values.services); index += 1) {
    writeFileSync(join(folder, `slo/s${index}.slo.ts`), spec(`s${index}`));
    writeFileSync(join(folder, `sloth/s${index}.yml`), sloth(`s${index}`));
  }
  const ours = () => measure(process.execPath, [join(published, 'cli/toolkit.js'), 'generate']);
  const theirs = () => measure(values.sloth, ['generate', '-i', 'sloth', '-o', 'out']);
  const hasSloth = spawnSync(values.sloth, ['version']).status === 0;
  // The first fills the caches of both.
  ours();
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({
    ours: ours(),
    theirs: hasSloth ? theirs() : Number.NaN,
  }));
  print(
    `generate, ${values.services} services of 4 SLOs, all outputs, ms`,
    withSpread(
      rounds.map(round => round.ours),
      0,
    ),
  );
  if (hasSloth) {
    print(
      'sloth generate, the rules alone, ms',
      withSpread(
        rounds.map(round => round.theirs),
        0,
      ),
    );
    print('ratio', withSpread(rounds.map(round => round.ours / round.theirs)));
  } else {
    print('NOT RUN: sloth generate', 'go install github.com/slok/sloth/cmd/sloth@latest');
  }
} finally {
  rmSync(folder, { recursive: true });
}
