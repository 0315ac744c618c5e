// Writes what the published package has beside its JavaScript: the toolkit only, without the records platform and without Node.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist/package');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const needed = ['@google-cloud/monitoring', 'commander', 'google-auth-library'];

const content = {
  name: own.name,
  version: own.version,
  description:
    'SLOs written in TypeScript become Cloud Monitoring SLOs, burn-rate alerts, dashboards, Terraform and documents.',
  license: own.license,
  type: 'module',
  engines: own.engines,
  bin: { burnline: 'cli/toolkit.js' },
  exports: { '.': { types: './slo/index.d.ts', default: './slo/index.js' } },
  dependencies: Object.fromEntries(needed.map(name => [name, own.dependencies[name]])),
};
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, undefined, 2)}\n`);
for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) copyFileSync(join(root, name), join(folder, name));
chmodSync(join(folder, 'cli/toolkit.js'), 0o755);
