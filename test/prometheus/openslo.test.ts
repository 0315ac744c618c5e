import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { toOpenSlo } from '../../exports/openslo/openslo.ts';
import { compileServices } from '../../slo/compile.ts';
import { availability, ratio, service } from '../../slo/index.ts';
import { catalogue } from './specs.ts';

const folder = mkdtempSync(join(tmpdir(), 'burnline-openslo-'));
after(() => rmSync(folder, { recursive: true }));

/** What OpenSLO's own validator has to say of some files. */
function validate(files: readonly { path: string; text: string }[]): { status: number | null; said: string } {
  const paths = files.map(({ path, text }) => {
    const file = join(folder, path);
    writeFileSync(file, text);
    return file;
  });
  const args = ['validate', ...paths.flatMap(path => ['--file', path])];
  const { status, stdout, stderr } = spawnSync(process.env.BURNLINE_OSLO ?? 'oslo', args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

test('OpenSLO finds every form of SLI, period and alert valid', () => {
  const files = [...toOpenSlo(catalogue)];
  assert.ok(files.length > 3);
  const { status, said } = validate(files);
  assert.equal(status, 0, said);
});

test('OpenSLO finds what has long names and texts valid', () => {
  const long = 'very-'.repeat(12);
  const slo = availability({
    ...{ goal: 0.99, period: '28d', why: 'w'.repeat(1050), sli: ratio('reads', { bad: { fresh: 'false' } }) },
    ...{ id: `${long}slo`, title: 'T'.repeat(80) },
  });
  const spec = service(`${long}API`, { title: 'S'.repeat(80), owner: 'test', slos: [slo] });
  const compiled = compileServices([spec], { project: 'p', nameSuffix: '' });
  const { status, said } = validate([...toOpenSlo(compiled.catalogue)]);
  assert.equal(status, 0, said);
});

test('OpenSLO’s validator refuses what is wrong', () => {
  const [file] = toOpenSlo(catalogue);
  assert.ok(file);
  const { status } = validate([{ path: 'wrong.yaml', text: file.text.replace('op: gt', 'op: above') }]);
  assert.notEqual(status, 0);
});
