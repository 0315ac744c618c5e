import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockFolder } from './lock.ts';

test('a data folder has one process, and is free again when that one gives it back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burnline-'));
  const release = lockFolder(folder);
  assert.throws(() => lockFolder(folder), {
    code: 'data_folder_in_use',
    message: new RegExp(`process ${process.pid}`),
  });
  release();
  lockFolder(folder)();
});
