// Says in GitHub what a job has found: under the pull request or, where there is none, in the job's summary; or as an issue.
//
//   node .github/scripts/report.ts comment --title TITLE (--code FILE | --markdown FILE) --pull-request [NUMBER]
//   node .github/scripts/report.ts drift --title TITLE --code FILE --exit-code CODE
//
// Plain Node and no packages, for its job has a token that writes.
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createCall } from './github.ts';
import { codeBlock, cut, headlineOf } from './markdown.ts';
import { comment, keepDriftIssue } from './messages.ts';

const string = { type: 'string' } as const;
const { env } = process;

async function report(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { title: string, code: string, markdown: string, 'pull-request': string, 'exit-code': string },
  });
  const [what] = positionals;
  const { title, code, markdown, 'pull-request': pullRequest, 'exit-code': exitCode } = values;
  const file = code ?? markdown;
  if (!title || !file) throw new Error('needs --title, and --code or --markdown');
  const text = compose({ title, found: readFileSync(file, 'utf8'), isCode: code !== undefined });
  if (what === 'drift') {
    const done = await keepDriftIssue(createCall({ env, fetch }), { exitCode: exitCode ?? '', title, text });
    process.stderr.write(`the issue about drift: ${done}\n`);
    return;
  }
  if (what !== 'comment') throw new Error(`comment or drift, not ${what}`);
  if (pullRequest) await comment(createCall({ env, fetch }), { pullRequest: Number(pullRequest), title, text });
  else appendFileSync(env.GITHUB_STEP_SUMMARY ?? '', `${text}\n`);
}

function compose({ title, found, isCode }: { title: string; found: string; isCode: boolean }): string {
  const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
  const { text, note } = cut(found, { rest: run });
  if (!isCode) return `### ${title}\n\n${text}${note}`;
  const summary = headlineOf(found) ?? 'What Terraform says';
  return `### ${title}\n\n<details>\n<summary>${summary}</summary>\n\n${codeBlock(text)}\n</details>${note}`;
}

try {
  await report();
} catch (error) {
  process.stderr.write(`report: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
