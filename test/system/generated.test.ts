import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSpecs } from '../../cli/check/specs.ts';
import { compareFiles } from '../../cli/generate/difference.ts';
import { generate, outputNames } from '../../exports/outputs.ts';

const root = join(import.meta.dirname, '../..');

test('our own specs pass every check, and what they generate is committed as it is', async () => {
  const { specs, catalogue, findings } = await checkSpecs(root);
  assert.deepEqual(findings, []);
  const outputs = generate(specs, { catalogue, root, only: outputNames, isDestroyable: false });
  assert.deepEqual(compareFiles(root, outputs).differences, []);
});
