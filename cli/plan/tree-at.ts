import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cliErrors } from '../errors.ts';

/**
 * The files of a git ref in a folder of their own inside `root`, so that its specs find the packages that are installed. Dispose of it.
 * Throws `ref_missing` where git knows no such ref.
 *
 * @param ref a branch, a tag or a commit: `origin/main`
 */
export function checkOut(root: string, ref: string): { folder: string; commit: string; [Symbol.dispose](): void } {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commit = resolve(ref, git);
  const parent = join(root, '.burnline');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'plan-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    // Of a root that is a folder of a larger repository, only that folder.
    const prefix = git('rev-parse', '--show-prefix').trim();
    const archive = join(folder, 'tree.tar');
    git('archive', '--format=tar', '--output', archive, prefix === '' ? commit : `${commit}:${prefix}`);
    execFileSync('tar', ['-xf', archive, '-C', folder], { stdio: 'ignore' });
    rmSync(archive);
  } catch (error) {
    dispose();
    throw error;
  }
  return { folder, commit, [Symbol.dispose]: dispose };
}

function resolve(ref: string, git: (...args: string[]) => string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch (error) {
    const detail = `git knows no commit ${JSON.stringify(ref)} here: name a branch, a tag or a commit, and fetch it first (in CI: fetch-depth: 0)`;
    throw cliErrors.error('ref_missing', detail, { cause: error });
  }
}
