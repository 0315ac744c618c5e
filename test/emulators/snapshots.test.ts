import { join } from 'node:path';
import { temporaryFolder } from '../../base/testing.ts';
import { openBucketSnapshots } from '../../records/replica/bucket-snapshots.ts';
import { testSnapshots } from '../../records/replica/snapshots.contract.ts';

testSnapshots('bucket', async () => {
  const bucket = `snapshots-${crypto.randomUUID()}`;
  const made = await fetch(`${process.env.STORAGE_EMULATOR_HOST}/storage/v1/b?project=p`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  });
  if (!made.ok) throw new Error(`The bucket was not made: ${made.status}`);
  return {
    snapshots: await openBucketSnapshots({ url: `gs://${bucket}/a folder/replica.sqlite` }),
    folder: join(temporaryFolder()),
  };
});
