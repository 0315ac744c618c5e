import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../base/testing.ts';
import { checkOut } from './tree-at.ts';

/** A repository with a first commit without files, and a second with those given. */
function repositoryWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root });
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'one');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git('add', '.');
  git('commit', '--quiet', '--message', 'two');
  return root;
}

test('what a folder of a repository held is that folder alone, and the whole where it is the root', () => {
  const root = repositoryWith({ 'top.txt': 'top', 'a b/c/deep.txt': 'old' });
  writeFileSync(join(root, 'a b/c/deep.txt'), 'new');
  for (const [place, files] of [
    ['a b/c', ['deep.txt']],
    ['a b', ['c']],
    ['.', ['a b', 'top.txt']],
  ] as const) {
    using tree = checkOut(join(root, place), 'HEAD');
    assert.deepEqual(readdirSync(tree.folder).sort(), files);
    assert.match(tree.commit, /^[0-9a-f]{40}$/);
  }
  using tree = checkOut(join(root, 'a b/c'), 'HEAD');
  assert.equal(readFileSync(join(tree.folder, 'deep.txt'), 'utf8'), 'old');
});

test('a folder that was not there yet held nothing, and what is disposed of is gone', () => {
  const root = repositoryWith({ 'sub/a.txt': 'a' });
  const tree = checkOut(join(root, 'sub'), 'HEAD~1');
  assert.deepEqual(readdirSync(tree.folder), []);
  tree[Symbol.dispose]();
  assert.ok(!existsSync(tree.folder));
});

test('a ref that is not there is told from a git that cannot be asked, which says why itself', t => {
  const root = repositoryWith({ 'a.txt': 'a' });
  assert.throws(() => checkOut(root, 'nowhere'), {
    code: 'ref_missing',
    message: /^git knows no commit "nowhere" here: /,
  });
  const noRepository = temporaryFolder();
  assert.throws(() => checkOut(noRepository, 'HEAD'), { code: 'git_failed', message: /: fatal: not a git repository/ });
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = noRepository;
  assert.throws(() => checkOut(root, 'HEAD'), { code: 'git_failed', message: /^git is not installed: / });
});
