import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Snapshots } from './snapshots.ts';

/** What every place for a snapshot does. */
export function testSnapshots(kind: string, open: () => Promise<{ snapshots: Snapshots; folder: string }>): void {
  test(`${kind}: where no snapshot was put, there is none to fetch`, async () => {
    const { snapshots, folder } = await open();
    assert.equal(await snapshots.putAtMs(), undefined);
    const path = join(folder, 'fetched');
    assert.equal(await snapshots.fetch(path), false);
    assert.equal(existsSync(path), false);
  });

  test(`${kind}: a snapshot is fetched as it was put last, and tells when that was`, async () => {
    const { snapshots, folder } = await open();
    const [given, fetched] = [join(folder, 'given'), join(folder, 'fetched')];
    for (const byte of [1, 2]) {
      writeFileSync(given, Buffer.alloc(7_000_000, byte));
      await snapshots.put(given);
    }
    assert.ok(Math.abs(((await snapshots.putAtMs()) ?? 0) - Date.now()) < 60_000);
    assert.equal(await snapshots.fetch(fetched), true);
    assert.ok(readFileSync(fetched).equals(Buffer.alloc(7_000_000, 2)));
  });
}
