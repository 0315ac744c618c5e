import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BurnlineError, messageOf } from '../../base/errors.ts';
import { cliErrors } from '../errors.ts';

type Git = (...args: string[]) => string;

/**
 * The files that `root` held at a git ref, in a folder of their own inside `root`, so that its specs find the packages that are
 * installed; none where `root` was not there then. Dispose of it. Throws `ref_missing` where git knows no such ref, and
 * `git_failed` with what git says where it does not run here at all.
 *
 * @param ref a branch, a tag or a commit: `origin/main`
 */
export function checkOut(root: string, ref: string): { folder: string; commit: string; [Symbol.dispose](): void } {
  const git: Git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commit = resolve(ref, git);
  const parent = join(root, '.burnline');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'plan-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    if (wasThere(commit, git)) {
      const archive = join(folder, 'tree.tar');
      // In a folder of a larger repository it takes that folder alone, and fails where the commit has none.
      git('archive', '--format=tar', '--output', archive, commit);
      execFileSync('tar', ['-xf', archive, '-C', folder], { stdio: 'ignore' });
      rmSync(archive);
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { folder, commit, [Symbol.dispose]: dispose };
}

/** Whether a commit has the folder that git runs in. */
function wasThere(commit: string, git: Git): boolean {
  return git('ls-tree', '--name-only', commit) !== '';
}

function resolve(ref: string, git: Git): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch (error) {
    // So it ends, without a word, where it looked and found none; with anything else it could not look.
    if ((error as { status?: unknown }).status !== 1) throw gitFailed(error);
    const detail = `git knows no commit ${JSON.stringify(ref)} here: name a branch, a tag or a commit, and fetch it first (in CI: fetch-depth: 0)`;
    throw cliErrors.error('ref_missing', detail, { cause: error });
  }
}

function gitFailed(error: unknown): BurnlineError {
  const { code, stderr } = error as { code?: string; stderr?: string };
  const detail =
    code === 'ENOENT'
      ? 'git is not installed: plan needs it to read the specs of a git ref'
      : `git cannot read the repository of this folder: ${stderr?.trim() || messageOf(error)}`;
  return cliErrors.error('git_failed', detail, { cause: error });
}
