import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { beyondScript } from './facts/beyond.ts';
import { facts } from './facts.ts';
import { toPage } from './page.ts';

const root = join(import.meta.dirname, '../..');
const all = [...facts, ...beyondScript];

test('docs/unverified.md is what the code says: node test/cloud/run.ts --page > docs/unverified.md', () => {
  assert.equal(readFileSync(join(root, 'docs/unverified.md'), 'utf8'), toPage());
});

test('the page lists each fact once, and nothing else', () => {
  const listed = [...toPage().matchAll(/^\| `([\w-]+)`: /gm)].map(([, id]) => id);
  assert.deepEqual(
    listed,
    all.map(({ id }) => id),
  );
  assert.equal(new Set(listed).size, listed.length);
});

test('every file that a fact names is there, in what depends on it and in what to change', () => {
  const named = facts.flatMap(({ setting, dependsOn }) => [
    ...dependsOn,
    ...[...setting.matchAll(/`([\w./-]+\/[\w.-]+\.\w+)`/g)].map(([, path]) => path ?? ''),
  ]);
  const missing = [...named, ...beyondScript.flatMap(({ dependsOn }) => dependsOn)].filter(
    path => !existsSync(join(root, path)),
  );
  assert.deepEqual(missing, []);
});
