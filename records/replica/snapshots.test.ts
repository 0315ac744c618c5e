import { join } from 'node:path';
import { temporaryFolder } from '../../base/testing.ts';
import { testSnapshots } from './snapshots.contract.ts';
import { createFileSnapshots } from './snapshots.ts';

testSnapshots('file', async () => {
  const folder = temporaryFolder();
  return { snapshots: createFileSnapshots({ path: join(folder, 'snapshot.sqlite') }), folder };
});
