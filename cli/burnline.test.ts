import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../base/testing.ts';

const entry = join(import.meta.dirname, 'burnline.mjs');

/** Runs the entry of a clone whose command is that text, and that has no packages. */
function runClone(command: string, ...options: string[]) {
  const root = temporaryFolder();
  mkdirSync(join(root, 'cli'));
  copyFileSync(entry, join(root, 'cli/burnline.mjs'));
  writeFileSync(join(root, 'cli/burnline.ts'), command);
  const { status, stderr } = spawnSync(process.execPath, [...options, join(root, 'cli/burnline.mjs')], {
    encoding: 'utf8',
  });
  return { root, status, stderr };
}

test('the command of a clone is that of burnline.ts', () => {
  assert.match(execFileSync(process.execPath, [entry, '--help'], { encoding: 'utf8' }), /^Usage: burnline /);
});

test('a clone without packages, and a Node that runs no TypeScript, are told in a line how to set it up', () => {
  const ways = [runClone("import 'no-such-package';"), runClone('', '--no-strip-types')];
  for (const { root, status, stderr } of ways) {
    assert.equal(status, 1);
    assert.match(stderr, /^burnline: the clone in .* is not set up for Node [\d.]+: run node cli\/setup\.mjs in it\n$/);
    assert.ok(stderr.includes(root));
  }
});

test('what else breaks keeps its stack', () => {
  assert.match(runClone("import './missing.ts';").stderr, /ERR_MODULE_NOT_FOUND/);
});
