// Writes the published package: the toolkit only, without the records platform and without Node. Its many small files are bundled, for
// each of them costs a command time at its start; what a command imports when it runs stays a file of its own.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { packEagerly } from './eagerly.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'dist/package');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const needed = ['@google-cloud/monitoring', 'google-auth-library'];

// Imported as a module, Node's process opens even the streams that nobody reads or writes; the global one does not.
const globalProcess: Plugin = {
  name: 'global-process',
  resolveId: { filter: { id: /^node:process$/ }, handler: id => `\0${id}` },
  load: { filter: { id: /^\0node:process$/ }, handler: () => 'export default globalThis.process;' },
};

// As modules, Node's own read each of their exports at once, and some of those load others: 7 of the 360 ms of a large `generate`.
// The entry stays as it is: it runs on a Node that is too old, and says so.
const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  renderChunk: (code, { isEntry }) =>
    isEntry
      ? null
      : code.replaceAll(/^import (.+) from "(node:[\w/]+)";$/gm, (_, names: string, builtin: string) => {
          return `const ${names.replaceAll(' as ', ': ')} = globalThis.process.getBuiltinModule("${builtin}");`;
        }),
};

const eagerly: Plugin = { name: 'eagerly', renderChunk: code => packEagerly(code) };

const bundle = await rolldown({
  cwd: root,
  input: { 'cli/toolkit': 'cli/toolkit.ts', 'slo/index': 'slo/index.ts' },
  platform: 'node',
  external: needed,
  plugins: [globalProcess, builtinsByName, eagerly],
});
await bundle.write({ dir: folder, entryFileNames: '[name].js', chunkFileNames: 'base/[name].js' });

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
copyFileSync(join(root, 'node_modules/commander/LICENSE'), join(folder, 'LICENSE-commander'));
chmodSync(join(folder, 'cli/toolkit.js'), 0o755);
