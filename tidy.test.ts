import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { commands } from './cli/commands.ts';
import { folderOf, importTable, refusedImports } from './test/tidy/imports.ts';
import { anchorsOf, brokenLinks, type Site } from './test/tidy/links.ts';
import { readSource } from './test/tidy/source.ts';

const LINES_MAX = 300;
const root = import.meta.dirname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const ignored = new Set(['.git', ...(read('.gitignore').match(/^.+(?=\/$)/gm) ?? [])]);
const files = walk('.');
const sources = files.filter(file => /\.(ts|mjs|js)$/.test(file));
const isTest = (file: string) => /\.(test|contract)\.ts$/.test(file);

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (ignored.has(entry.name)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

test('every folder imports only what the table lets it', () => {
  assert.deepEqual(
    sources.flatMap(file => refusedImports(file, readSource(file, read(file)).imports)),
    [],
  );
});

test('every folder with code stands in the table', () => {
  const strays = sources.filter(file => file.includes('/') && folderOf(file) === undefined);
  assert.deepEqual(strays.map(dirname), []);
});

test('nothing writes to the console', () => {
  assert.deepEqual(
    sources.flatMap(file => readSource(file, read(file)).consoleLines.map(line => `${file}:${line}`)),
    [],
  );
});

test(`no file has more than ${LINES_MAX} lines`, () => {
  const long = sources.filter(file => !isTest(file) && read(file).split('\n').length > LINES_MAX);
  assert.deepEqual(long, []);
});

test('every link in a Markdown file leads somewhere', () => {
  const known = new Set(files.flatMap(file => [file, ...parentsOf(file)]));
  const site: Site = { has: path => known.has(path), read };
  const pages = files.filter(file => file.endsWith('.md'));
  assert.deepEqual(
    pages.flatMap(page => brokenLinks(page, site)),
    [],
  );
});

test('every burnline command that a Markdown file names is there', () => {
  const named = files
    .filter(file => file.endsWith('.md'))
    .flatMap(file =>
      [...read(file).matchAll(/(?:`|\bnpx |^)burnline ([a-z]\S*)\b/gm)].map(([, name = '']) => ({ file, name })),
    );
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter(({ name }) => !Object.hasOwn(commands, name)),
    [],
  );
});

function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? ['.'] : [parent, ...parentsOf(parent)];
}

test('the error tables join without a code standing in two of them, and every code is used', async () => {
  const tables = sources.filter(file => basename(file) === 'errors.ts' && file !== 'base/errors.ts');
  const rows = (await Promise.all(tables.map(errorCodes))).flat();
  assert.ok(rows.length > 0);
  const twice = rows.filter(row => rows.some(other => other.code === row.code && other.file !== row.file));
  assert.deepEqual(twice, []);
  const others = sources.filter(file => !tables.includes(file) && !isTest(file));
  const text = others.map(read).join('\n');
  const unused = rows.filter(row => !text.includes(`'${row.code}'`));
  assert.deepEqual(unused, []);
});

async function errorCodes(file: string): Promise<{ file: string; code: string }[]> {
  const exports: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href);
  const tables = Object.values(exports) as { rows: object }[];
  return tables.flatMap(({ rows }) => Object.keys(rows).map(code => ({ file, code })));
}

test('the import check refuses what the table does not name, however it is written', () => {
  const refused = (file: string, text: string) => refusedImports(file, readSource(file, text).imports).length;
  assert.equal(refused('app/a.ts', "import { x } from '../ingest/x.ts';"), 1);
  assert.equal(refused('app/a/b.ts', "import type { X } from '../../ingest/x.ts';"), 1);
  assert.equal(refused('app/a.ts', "export * from '../cli/x.ts';"), 1);
  assert.equal(refused('app/a.ts', "export { x } from '../cli/x.ts';"), 1);
  assert.equal(refused('app/a.ts', "await import('../ingest/x.ts');"), 1);
  assert.equal(refused('app/a.ts', "type X = import('../ingest/x.ts').X;"), 1);
  assert.equal(refused('base/http/a.ts', "import { x } from '../../records/x.ts';"), 1);
  assert.equal(refused('slo/services/a.slo.ts', "import { x } from '../../telemetry/log.ts';"), 1);
  assert.equal(refused('backtest/a.ts', "import { x } from '../monitoring/store.ts';"), 1);
  assert.equal(refused('alerts/a.ts', "import { x } from '../slo/services/a.slo.ts';"), 1);
  assert.equal(refused('load-tests/a.ts', "import { z } from 'zod';"), 1);
});

test('the import check lets through what the table names', () => {
  const refused = (file: string, text: string) => refusedImports(file, readSource(file, text).imports);
  assert.deepEqual(
    refused('app/a.ts', "import Koa from 'koa'; import { x } from './b.ts'; export * from '../base/x.ts';"),
    [],
  );
  assert.deepEqual(refused('app/a.test.ts', "import { x } from '../ingest/x.ts';"), []);
  assert.deepEqual(refused('records/a.contract.ts', "import { x } from '../test/x.ts';"), []);
  assert.deepEqual(refused('cli/a.ts', "import { x } from '../ingest/x.ts';"), []);
  assert.deepEqual(refused('slo/services/a.slo.ts', "import 'burnline'; import '../../telemetry/signals.ts';"), []);
  assert.deepEqual(refused('backtest/a.ts', "import { x } from '../monitoring/evaluate/x.ts';"), []);
  assert.deepEqual(refused('load-tests/a.ts', "import http from 'k6/http'; import { x } from './x.ts';"), []);
});

test('the console check sees every use and no mention', () => {
  assert.deepEqual(
    readSource('a.ts', "console.log(1);\nconst text = 'console.log';\nif (x) console['error'](2);").consoleLines,
    [1, 3],
  );
});

test('the link check follows files, folders and headings, and leaves code and other sites alone', () => {
  const pages: Record<string, string> = {
    'README.md':
      '[a](docs/a.md#the-second-one) [b](docs/) [c](#here) [d](https://example.com)\n# Here\n```\n[no](no.md)\n```\n`[no](no.md)`',
    'docs/a.md': '# One\n## The *second* one!\n[up](../README.md)',
    'bad.md': '[a](nowhere.md) [b](docs/a.md#nothing) [c](#nothing)\n\n[d]: ../outside.md',
  };
  const site: Site = { has: path => path in pages || path === 'docs', read: path => pages[path] ?? '' };
  assert.deepEqual([...brokenLinks('README.md', site), ...brokenLinks('docs/a.md', site)], []);
  assert.equal(brokenLinks('bad.md', site).length, 4);
  assert.deepEqual([...anchorsOf('# A\n# A\n# `npm test`: [why](x.md)?')], ['a', 'a-1', 'npm-test-why']);
});

test('every import rule names folders and files that the table knows', () => {
  const named = Object.values(importTable).flatMap(allowed => (allowed === 'everything' ? [] : allowed));
  assert.deepEqual(
    named.filter(entry => !(entry in importTable) && folderOf(entry) === undefined),
    [],
  );
});
