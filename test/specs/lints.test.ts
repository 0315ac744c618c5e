import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { test } from 'node:test';
import { compileServices } from '../../slo/compile.ts';
import { lint } from '../../slo/lints/lint.ts';
import { lints } from '../../slo/lints/table.ts';
import { loadSpecs } from '../../slo/spec-files/load.ts';

const folder = import.meta.dirname;
const filesIn = (name: string) => readdirSync(join(folder, name)).map(file => join(name, file));

async function findingsOf(file: string) {
  const specs = await loadSpecs({ root: folder, files: [file] });
  const compiled = compileServices(specs, { project: 'p', nameSuffix: '' });
  return lint(compiled, { runbookExists: () => false, areBoundsGenerated: true });
}

for (const file of filesIn('bad')) {
  const code = basename(file, '.slo.ts');
  test(`${code} fires on its bad spec, nothing else does, and it says where`, async () => {
    const findings = await findingsOf(file);
    assert.deepEqual([...new Set(findings.map(finding => finding.code))], [code]);
    for (const { place, message } of findings) {
      assert.equal(relative(folder, place.file), file);
      assert.ok(place.line > 1 && message.length > 10);
    }
  });
}

test('every lint has a bad spec', () => {
  const codes = filesIn('bad').map(file => basename(file, '.slo.ts'));
  assert.deepEqual(codes.sort(), Object.keys(lints).sort());
});

for (const file of filesIn('good')) {
  test(`all lints are silent on ${file}`, async () => {
    assert.deepEqual(await findingsOf(file), []);
  });
}
