import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { BurnlineError } from '../../base/errors.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { loadSpecs } from './load.ts';

const index = join(import.meta.dirname, '../index.ts');
const spec = (id: string, name = id) => `export const ${name} = service('${id}', { owner: 'o', slos: [] });\n`;
const head = `import { service } from ${JSON.stringify(index)};\n`;

/** A folder with some files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function refusal(root: string, files?: string[]) {
  const error = await loadSpecs({ root, ...(files && { files }) }).then(
    () => undefined,
    (thrown: BurnlineError) => thrown,
  );
  assert.ok(error, 'it loaded');
  return { code: error.code, exitCode: error.row.exitCode, text: error.message };
}

test('specs are found below the folder, in the order of their paths, outside node_modules, dist and dot folders', async () => {
  const root = folderWith({
    'b.slo.ts': head + spec('b'),
    'a/one.slo.ts': head + spec('one') + spec('two'),
    'node_modules/x/x.slo.ts': 'broken(',
    '.hidden/x.slo.ts': 'broken(',
    'dist/x.slo.ts': 'broken(',
    'other.ts': 'broken(',
  });
  assert.deepEqual(
    (await loadSpecs({ root })).map(({ id }) => id),
    ['one', 'two', 'b'],
  );
});

test('package.json may say where specs are, and named files come before that', async () => {
  const root = folderWith({
    'package.json': '{ "type": "module", "burnline": { "specs": ["slo"] } }',
    'slo/a.slo.ts': head + spec('a'),
    'elsewhere/b.slo.ts': head + spec('b'),
  });
  const ids = async (files?: string[]) => (await loadSpecs({ root, ...(files && { files }) })).map(({ id }) => id);
  assert.deepEqual([await ids(), await ids(['elsewhere'])], [['a'], ['b']]);
});

test('a service that two files export is one, and an array of services is an export', async () => {
  const root = folderWith({
    'a.slo.ts': `${head}${spec('a')}export const more = ['b', 'c'].map(id => service(id, { owner: 'o', slos: [] }));\n`,
    'z.slo.ts': "export * from './a.slo.ts';\n",
  });
  assert.deepEqual(
    (await loadSpecs({ root })).map(({ id }) => id),
    ['a', 'b', 'c'],
  );
});

test('a named spec of JavaScript is a module wherever it is, in a package of CommonJS too', async () => {
  const root = folderWith({
    'node_modules/shared/package.json': '{ "type": "commonjs" }',
    'node_modules/shared/a.slo.js': head + spec('a'),
  });
  assert.deepEqual(
    (await loadSpecs({ root, files: ['node_modules/shared/a.slo.js'] })).map(({ id }) => id),
    ['a'],
  );
});

test('a file reached by a link is the file that it leads to: its imports stand there, and its services are one', async () => {
  const root = folderWith({
    'real/a.slo.ts': `${head}import { id } from './id.ts';\nexport const a = service(id, { owner: 'o', slos: [] });\n`,
    'real/id.ts': "export const id = 'a';\n",
  });
  symlinkSync('real/a.slo.ts', join(root, 'link.slo.ts'));
  assert.deepEqual(
    (await loadSpecs({ root })).map(({ id }) => id),
    ['a'],
  );
});

test('where there is none it says so, and what to do', async () => {
  const { code, exitCode, text } = await refusal(folderWith({}));
  assert.deepEqual([code, exitCode], ['specs_missing', 1]);
  assert.match(text, /burnline init/);
  assert.match((await refusal(folderWith({}), ['x.slo.ts'])).text, /^x\.slo\.ts is not there/);
});

test('a syntax error is told with file and line', async () => {
  const { exitCode, text } = await refusal(folderWith({ 'a.slo.ts': `${head}\nexport const a = service('a', {{ ;\n` }));
  assert.equal(exitCode, 1);
  assert.match(text, /^a\.slo\.ts:3: \S/);
});

test('an import that is missing is told with the line that imports it, a package too', async () => {
  const file = await refusal(folderWith({ 'a.slo.ts': `${head}\nimport { x } from './lib/nowhere.ts';\n` }));
  assert.equal(file.exitCode, 1);
  assert.match(file.text, /^a\.slo\.ts:3: cannot find ".\/lib\/nowhere.ts"/);
  const pack = await refusal(folderWith({ 'a.slo.ts': "\nimport { x } from 'no-such-package';\n" }));
  assert.match(pack.text, /^a\.slo\.ts:2: cannot find "no-such-package"/);
});

test('what throws while it loads is told with the line of the spec that called it', async () => {
  const text = `import { latency, histogram } from ${JSON.stringify(index)};\n\nlatency({ goal: 0.9, period: '28d', why: 'w', under: '200 parsecs', sli: histogram('d') });\n`;
  const { exitCode, text: told } = await refusal(folderWith({ 'a.slo.ts': text }));
  assert.equal(exitCode, 1);
  assert.match(told, /^a\.slo\.ts:3: must be a duration such as 200ms.*"200 parsecs"/);
});

test('an enum is more than types, and is told so', async () => {
  const { text } = await refusal(folderWith({ 'a.slo.ts': 'export enum A { B }\n' }));
  assert.match(text, /^a\.slo\.ts:1: only types can be stripped/);
});

test('an export that is no service is refused with its line, and so is a default one', async () => {
  const root = folderWith({ 'a.slo.ts': `${head}${spec('a')}export const goal = 0.9;\nexport default a;\n` });
  const { code, exitCode, text } = await refusal(root);
  assert.deepEqual([code, exitCode], ['specs_refused', 2]);
  assert.match(text, /^a\.slo\.ts:3: exports goal, which is no service/m);
  assert.match(text, /^a\.slo\.ts:4: has a default export/m);
});

test('two services of one id are refused, with both places', async () => {
  const { exitCode, text } = await refusal(
    folderWith({ 'a.slo.ts': head + spec('same', 'x'), 'b.slo.ts': head + spec('same', 'y') }),
  );
  assert.equal(exitCode, 2);
  assert.match(text, /^b\.slo\.ts:2: the id "same" is taken by .*a\.slo\.ts:2/);
});

test('every trouble of every file is told at once', async () => {
  const { code, text } = await refusal(
    folderWith({ 'a.slo.ts': 'export const x = 1;\n', 'b.slo.ts': '(;\n', 'c.slo.ts': head + spec('c') }),
  );
  assert.equal(code, 'specs_unloadable');
  assert.equal(text.split('\n').length, 2);
});

test('two services of one id are told by paths as one would type them', async () => {
  const { text } = await refusal(
    folderWith({ 'a.slo.ts': head + spec('same', 'x'), 'b/b.slo.ts': head + spec('same', 'y') }),
  );
  assert.equal(text, 'b/b.slo.ts:2: the id "same" is taken by a.slo.ts:2: give one of them another');
});

test('a repository of another module type, or of none, loads alike and without a warning', async () => {
  const warnings: Error[] = [];
  process.on('warning', warning => warnings.push(warning));
  for (const text of ['{}', '{ "type": "commonjs" }']) {
    const root = folderWith({
      'package.json': text,
      'a.slo.ts': `${head}import { id } from './id.ts';\nexport const a = service(id, { owner: 'o', slos: [] });\n`,
      'b.slo.js': head + spec('b'),
      'id.ts': "export const id: string = 'a';\n",
    });
    assert.deepEqual(
      (await loadSpecs({ root })).map(({ id }) => id),
      ['a', 'b'],
    );
  }
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
});

test('an import without that export is told with its line', async () => {
  const text = `${head}\nimport { nothing } from './lib.ts';\n`;
  const { exitCode, text: told } = await refusal(folderWith({ 'a.slo.ts': text, 'lib.ts': 'export const x = 1;\n' }));
  assert.equal(exitCode, 1);
  assert.match(told, /^a\.slo\.ts:3: .*'\.\/lib\.ts'.* export named 'nothing'$/);
});

test('an import without its ending is told what to write, and one that a package does not export that', async () => {
  const ending = await refusal(folderWith({ 'a.slo.ts': "import './lib';\n", 'lib.ts': '' }));
  assert.equal(ending.text, 'a.slo.ts:1: cannot find "./lib": write "./lib.ts", for Node adds no endings');
  const inside = await refusal(
    folderWith({
      'a.slo.ts': "// of p/inner\nimport {\n  x,\n} from 'p/inner';\n",
      'node_modules/p/package.json': '{ "name": "p", "exports": "./index.js" }',
    }),
  );
  assert.equal(inside.text, 'a.slo.ts:4: cannot find "p/inner": the package exports nothing by that name');
});

test('a syntax error that Node gives no line for is told with its line all the same', async () => {
  const { exitCode, text } = await refusal(folderWith({ 'a.slo.ts': `${head}const x = 1;\nconst x = 2;\n` }));
  assert.deepEqual([exitCode, text], [1, "a.slo.ts:3: Identifier 'x' has already been declared"]);
});

test('what an imported file breaks is told once, with the place in that file', async () => {
  const importing = "import './lib.ts';\n";
  const thrown = folderWith({
    'a.slo.ts': importing,
    'b.slo.ts': importing,
    'lib.ts': "\nthrow new Error('no luck');\n",
  });
  assert.equal((await refusal(thrown)).text, 'lib.ts:2: no luck');
  const missing = folderWith({ 'a.slo.ts': importing, 'lib.ts': "\n\nimport './nowhere.ts';\n" });
  assert.match((await refusal(missing)).text, /^lib\.ts:3: cannot find/);
});

test('what is thrown and is no error is told too', async () => {
  assert.equal((await refusal(folderWith({ 'a.slo.ts': 'throw null;\n' }))).text, 'a.slo.ts:1: null');
});

test('an export in a list of several lines is refused with its own line', async () => {
  const { text } = await refusal(
    folderWith({ 'a.slo.ts': 'const a = 1;\nconst b = 2;\nexport {\n  a,\n  b as default,\n};\n' }),
  );
  assert.match(text, /^a\.slo\.ts:4: exports a, .*\na\.slo\.ts:5: has a default export/);
});

test('a package.json that says it wrongly is told', async () => {
  const wrong = await refusal(folderWith({ 'package.json': '{ "burnline": { "specs": "slo" } }' }));
  assert.deepEqual([wrong.code, wrong.exitCode], ['specs_unloadable', 1]);
  assert.match(wrong.text, /"specs".* must be an array of texts, not "slo"$/);
  assert.match((await refusal(folderWith({ 'package.json': '{' }))).text, /^package\.json cannot be read: /);
});

test('troubles are problems with their place', async () => {
  const error = await loadSpecs({ root: folderWith({ 'a.slo.ts': 'export const x = 1;\n' }) }).catch(thrown => thrown);
  assert.deepEqual(
    error.problems.map(({ field }: { field: string }) => field),
    ['a.slo.ts:1'],
  );
});
