import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { CHARACTERS_MAX, codeBlock, cut, headlineOf } from '../../.github/scripts/markdown.ts';

type Post = { id: number; number: number; title?: string; body: string; state?: string; user: { login: string } };
type Asked = { method: string | undefined; url: string | undefined; body: Record<string, string> };

const BOT = { login: 'github-actions[bot]' };
const folder = mkdtempSync(join(tmpdir(), 'burnline-report-'));
const found = join(folder, 'found.txt');
const summary = join(folder, 'summary.md');
let [posts, changes]: [Post[], Asked[]] = [[], []];

// As much of GitHub as a report asks of it.
const server = createServer(async (request, response) => {
  const text = (await Array.fromAsync(request.setEncoding('utf8'))).join('');
  const { method, url } = request;
  if (request.headers.authorization !== 'Bearer a-token') {
    response.writeHead(401).end('{"message":"Bad credentials"}');
  } else if (method === 'GET') {
    const page = Number(new URL(url ?? '', 'http://github').searchParams.get('page'));
    response.end(JSON.stringify(posts.slice((page - 1) * 100, page * 100)));
  } else {
    changes.push({ method, url, body: JSON.parse(text) });
    response.end('{}');
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

beforeEach(() => {
  [posts, changes] = [[], []];
  writeFileSync(found, 'Plan: 1 to add, 0 to change, 0 to destroy.\n');
  writeFileSync(summary, '');
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function report(args: readonly string[], token = 'a-token'): Promise<{ code: number; stderr: string }> {
  const env = {
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'owner/name',
    GITHUB_RUN_ID: '7',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_TOKEN: token,
  };
  const script = join(import.meta.dirname, '../../.github/scripts/report.ts');
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'inherit', 'pipe'] });
  const stderr = (await Array.fromAsync(child.stderr.setEncoding('utf8'))).join('');
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  return { code, stderr };
}

const plan = ['--title', 'Terraform plan', '--code', found];

test('a plan is a comment, and the next plan takes its place', async () => {
  const others = Array.from({ length: 100 }, (_, n) => ({
    id: n,
    number: n,
    body: 'a remark',
    user: { login: 'ada' },
  }));
  const copied = { id: 500, number: 500, body: '<!-- burnline: Terraform plan -->\nnot ours', user: { login: 'ada' } };
  posts = [...others, copied];
  assert.deepEqual(await report(['comment', ...plan, '--pull-request', '12']), { code: 0, stderr: '' });
  const [{ method, url, body } = {} as Asked] = changes;
  assert.deepEqual([method, url], ['POST', '/repos/owner/name/issues/12/comments']);
  assert.match(body.body ?? '', /^<!-- burnline: Terraform plan -->\n### Terraform plan\n/);
  assert.match(body.body ?? '', /<summary>Plan: 1 to add, 0 to change, 0 to destroy\.<\/summary>/);

  posts.push({ id: 501, number: 501, body: body.body ?? '', user: BOT });
  await report(['comment', ...plan, '--pull-request', '12']);
  const [, second] = changes;
  assert.deepEqual([second?.method, second?.url], ['PATCH', '/repos/owner/name/issues/comments/501']);
});

test('where there is no pull request, the summary of the job has it', async () => {
  assert.equal((await report(['comment', ...plan, '--pull-request', ''])).code, 0);
  assert.deepEqual(changes, []);
  assert.match(readFileSync(summary, 'utf8'), /Plan: 1 to add/);
});

test('Markdown stays Markdown', async () => {
  writeFileSync(found, '| a | table |\n');
  await report(['comment', '--title', 'SLOs', '--markdown', found, '--pull-request', '12']);
  assert.equal(changes[0]?.body.body, '<!-- burnline: SLOs -->\n### SLOs\n\n| a | table |\n');
});

test('drift is one issue, which is closed once there is none', async () => {
  const drift = (exitCode: string) => report(['drift', '--title', 'Drift', '--code', found, '--exit-code', exitCode]);
  assert.equal((await drift('0')).stderr, 'the issue about drift: none\n');
  assert.equal((await drift('2')).stderr, 'the issue about drift: opened\n');
  assert.deepEqual([changes[0]?.method, changes[0]?.url], ['POST', '/repos/owner/name/issues']);
  posts = [{ id: 9001, number: 9, body: changes[0]?.body.body ?? '', user: BOT }];
  assert.equal((await drift('2')).stderr, 'the issue about drift: changed\n');
  assert.equal((await drift('0')).stderr, 'the issue about drift: closed\n');
  assert.deepEqual(
    changes.slice(1).map(({ method, url, body }) => [method, url, body.state]),
    [
      ['PATCH', '/repos/owner/name/issues/9', undefined],
      ['PATCH', '/repos/owner/name/issues/9', 'closed'],
    ],
  );
});

test('where a plan broke, no drift and no peace is told', async () => {
  for (const exitCode of ['1', '']) {
    const { code, stderr } = await report(['drift', '--title', 'Drift', '--code', found, '--exit-code', exitCode]);
    assert.deepEqual([code, changes.length], [1, 0]);
    assert.match(stderr, /whether there is drift is not known/);
  }
});

test('what GitHub refuses is told', async () => {
  const { code, stderr } = await report(['comment', ...plan, '--pull-request', '12'], 'another');
  assert.equal(code, 1);
  assert.match(stderr, /^report: GET \/issues\/12\/comments\?per_page=100&page=1 was answered 401: .*Bad credentials/);
});

test('nothing in a plan ends its block of code', () => {
  const text = 'a\n```\n<script>\n`````\n';
  assert.equal(codeBlock(text), `\`\`\`\`\`\`text\n${text.trimEnd()}\n\`\`\`\`\`\``);
});

test('a long plan is cut at a line, and says where the rest is', () => {
  const line = `${'x'.repeat(99)}\n`;
  const { text, note } = cut(line.repeat(1000), { rest: 'https://github.example/run' });
  assert.ok(text.length <= CHARACTERS_MAX && text.length > CHARACTERS_MAX - 200);
  assert.ok(text.endsWith('x'));
  assert.match(note, /\[the run\]\(https:\/\/github\.example\/run\)/);
  assert.deepEqual(cut(line, { rest: '' }), { text: line, note: '' });
});

test('a headline is Terraform’s own line and nothing else', () => {
  assert.equal(
    headlineOf('  # x\nPlan: 3 to add, 0 to change, 1 to destroy.\n'),
    'Plan: 3 to add, 0 to change, 1 to destroy.',
  );
  assert.equal(
    headlineOf('Plan: 1 to import, 3 to add, 0 to change, 1 to destroy.'),
    'Plan: 1 to import, 3 to add, 0 to change, 1 to destroy.',
  );
  assert.equal(headlineOf('No changes. Your infrastructure matches the configuration.'), 'No changes.');
  assert.equal(headlineOf('Plan: 1 to <img src=x>.'), undefined);
});
