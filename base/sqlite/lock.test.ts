import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('what cannot be written is told with its path and the reason, and is not taken for a folder in use', () => {
  const damaged = temporaryFolder();
  writeFileSync(join(damaged, 'lock.pid'), '1');
  writeFileSync(join(damaged, 'lock.sqlite'), 'no database'.repeat(500));
  const closed = temporaryFolder();
  mkdirSync(join(closed, 'lock.sqlite'));
  const noFolder = join(temporaryFolder(), 'file');
  writeFileSync(noFolder, '');
  const noPid = temporaryFolder();
  mkdirSync(join(noPid, 'lock.pid'));
  for (const [folder, reason] of [
    [damaged, /file is not a database/],
    [closed, /unable to open database file/],
    [noFolder, /EEXIST|ENOTDIR/],
    [noPid, /EISDIR/],
  ] as const) {
    assert.throws(
      () => lockFolder(folder),
      ({ code, message }: { code: string; message: string }) => {
        assert.equal(code, 'data_folder_unusable');
        assert.ok(
          message.startsWith(`${folder} cannot be used, for ${join(folder, 'lock.sqlite')} cannot be locked (`),
        );
        assert.match(message, reason);
        return true;
      },
    );
  }
});
