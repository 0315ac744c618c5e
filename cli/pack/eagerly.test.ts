import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packEagerly } from './eagerly.ts';

const MODULE = `#!/usr/bin/env node
import { sep } from 'node:path';
const early = declared(1);
const doubled = [1, 2].map(x => x * 2), curried = a => b => a + b;
function declared(value = () => 7) { return [value, arguments.length].map(item => typeof item); }
async function later() { return await (async () => sep.length)(); }
function* numbers() { yield 1; yield* [2, 3].filter(function (x) { return x > 2; }); }
class Shape { #side = () => 4; constructor(n) { this.n = n; } get area() { return this.n * this.#side(); } static of(n) { return new Shape(n); } }
const object = { method() { return 1; }, get got() { return 2; }, plain: function () { return 3; }, arrow: () => ({ deep: () => 4 }) };
const { picked = () => 5 } = {};
const named = () => {};
export const seen = [early, doubled, curried(1)(2), await later(), [...numbers()], Shape.of(3).area, object.method(), object.got,
  object.plain(), object.arrow().deep(), picked(), named.name, declared.name, declared.length, (() => \`\${[1].map(n => \`<\${n}>\`)}\`)()];
export default function () { return 8; }
`;

async function load(code: string): Promise<{ seen: unknown; default: () => number }> {
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

test('a module packed eagerly does what it did', async () => {
  const [before, after] = await Promise.all([load(MODULE), load(packEagerly(MODULE))]);
  assert.deepEqual(after.seen, before.seen);
  assert.equal(after.default(), 8);
});

test('the hashbang stays first, then the imports, then what is declared', () => {
  const lines = packEagerly(MODULE).split('\n');
  assert.deepEqual(lines.slice(0, 2), MODULE.split('\n').slice(0, 2));
  assert.match(lines[2] ?? '', /^var declared = \(function declared\(/);
});

test('V8 compiles its functions before any of them is called, so that the compile cache holds them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burnline-eagerly-'));
  try {
    const code = 'function declared() { return [1].map(x => x + 1); }\nexport const uncalled = () => declared();\n';
    const parsedLater = (text: string) => {
      writeFileSync(join(folder, 'module.mjs'), `${text}\nglobalThis.result = uncalled();`);
      const log = join(folder, 'v8.log');
      const flags = ['--log-function-events', `--logfile=${log}`, '--no-logfile-per-isolate'];
      assert.equal(spawnSync(process.execPath, [...flags, 'module.mjs'], { cwd: folder }).status, 0);
      const events = readFileSync(log, 'utf8')
        .split('\n')
        .map(line => line.split(','));
      const [, id] = events.find(([event, , name]) => event === 'script-details' && name?.endsWith('module.mjs')) ?? [];
      return events.filter(
        ([event, kind, script]) => event === 'function' && kind === 'parse-function' && script === id,
      );
    };
    assert.equal(parsedLater(code).length, 3);
    assert.equal(parsedLater(packEagerly(code)).length, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
