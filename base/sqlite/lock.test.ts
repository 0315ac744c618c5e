import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../testing.ts';
import { lockFolder } from './lock.ts';

test('a data folder has one process, and is free again when that one gives it back', () => {
  const folder = temporaryFolder();
  const release = lockFolder(folder);
  assert.throws(() => lockFolder(folder), {
    code: 'data_folder_in_use',
    message: new RegExp(`process ${process.pid}`),
  });
  release();
  lockFolder(folder)();
});
