import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { event } from '../warehouse.contract.ts';
import { applyChanges } from './apply-changes.ts';
import { createFakeChanges } from './fakes.ts';
import { openReplicaFile } from './file.ts';

const NOW_MS = Date.parse('2026-01-03T12:00:00Z');

test('a replica that dies between noting an erasure and removing its record removes it after the restart', async () => {
  const { changes, commit, erase } = createFakeChanges();
  const clock = createManualClock(NOW_MS);
  const path = join(temporaryFolder(), 'replica.sqlite');
  const open = () => openReplicaFile({ path, source: changes.source, bytesMax: 100_000_000 });
  const file = open();
  commit([event('person', 1), event('other', 1)], NOW_MS * 1000);
  await applyChanges({ file, changes, clock });
  erase('person', NOW_MS * 1000);
  const dying = {
    ...file,
    remove() {
      throw new Error('killed');
    },
  };
  await assert.rejects(applyChanges({ file: dying, changes, clock }), /killed/);
  file.close();
  const after = open();
  clock.advance(3_600_000);
  await applyChanges({ file: after, changes, clock });
  assert.deepEqual(
    (await after.reader.page({ limit: 10, offset: 0 })).map(({ id }) => id),
    ['other'],
  );
  assert.equal(
    after.noteErasures(await Array.fromAsync(changes.erasuresSince(0))),
    false,
    'nothing is left to look for',
  );
  after.close();
});
