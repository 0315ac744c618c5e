import type { Call } from './github.ts';

const BOT = 'github-actions[bot]';
const PAGE = 100;
const PAGES_MAX = 30;

type Post = { id: number; number: number; body: string | null; user: { login: string } | null };

/** Puts a comment of ours under a pull request, in the place of the one with the same title where there is one. */
export async function comment(
  call: Call,
  { pullRequest, title, text }: { pullRequest: number; title: string; text: string },
): Promise<void> {
  const comments = `/issues/${pullRequest}/comments`;
  const own = await findOwn(call, `${comments}?`, title);
  const body = signed(title, text);
  if (own) await call('PATCH', `/issues/comments/${own.id}`, { body });
  else await call('POST', comments, { body });
}

/**
 * Keeps the one issue about a drift: opens or changes it while there is drift, closes it once there is none. Throws where that is not
 * known.
 *
 * @param options.exitCode of `terraform plan -detailed-exitcode`: 0 nothing to change, 2 something to change
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
 */
export async function keepDriftIssue(
  call: Call,
  { exitCode, title, text }: { exitCode: string; title: string; text: string },
): Promise<'opened' | 'changed' | 'closed' | 'none'> {
  if (exitCode !== '0' && exitCode !== '2') {
    throw new Error(`whether there is drift is not known: terraform plan ended with ${exitCode || 'nothing'}`);
  }
  const own = await findOwn(call, '/issues?state=open&', title);
  const body = signed(title, text);
  if (exitCode === '0') {
    if (!own) return 'none';
    await call('PATCH', `/issues/${own.number}`, { state: 'closed', state_reason: 'completed' });
    return 'closed';
  }
  if (own) await call('PATCH', `/issues/${own.number}`, { body });
  else await call('POST', '/issues', { title, body });
  return own ? 'changed' : 'opened';
}

/** By the line that it begins with, and by who wrote it: anybody can write that line. */
async function findOwn(call: Call, list: string, title: string): Promise<Post | undefined> {
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const posts = (await call('GET', `${list}per_page=${PAGE}&page=${page}`)) as Post[];
    const own = posts.find(({ body, user }) => user?.login === BOT && body?.startsWith(marker(title)));
    if (own || posts.length < PAGE) return own;
  }
  throw new Error(`nothing of ours is among the first ${PAGE * PAGES_MAX} of ${list}`);
}

const marker = (title: string) => `<!-- burnline: ${title} -->`;
const signed = (title: string, text: string) => `${marker(title)}\n${text}`;
