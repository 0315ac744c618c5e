import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSpecs } from '../../cli/check/specs.ts';
import { differences } from '../../cli/generate/difference.ts';
import { generate, outputNames } from '../../exports/outputs.ts';

const root = join(import.meta.dirname, '../..');

test('our own specs pass every check, and what they generate is committed as it is', async () => {
  const { specs, findings } = await checkSpecs(root);
  assert.deepEqual(findings, []);
  const outputs = generate(specs, { root, only: outputNames, isDestroyable: false });
  assert.deepEqual(differences(root, outputs), []);
});
