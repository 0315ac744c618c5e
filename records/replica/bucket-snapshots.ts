import type { Snapshots } from './snapshots.ts';

const NOT_FOUND = 404;

/**
 * A snapshot in an object of a Cloud Storage bucket, `gs://bucket/object`. The bucket should keep no old versions: they would
 * hold what has been erased.
 */
export async function openBucketSnapshots({ url }: { url: string }): Promise<Snapshots> {
  const { Storage } = await import('@google-cloud/storage');
  const { hostname: bucket, pathname } = new URL(url);
  const object = new Storage().bucket(bucket).file(decodeURIComponent(pathname.slice(1)));
  return {
    async fetch(path) {
      return (await unlessMissing(object.download({ destination: path }).then(() => true))) ?? false;
    },
    async put(path) {
      await object.bucket.upload(path, { destination: object, contentType: 'application/vnd.sqlite3' });
    },
    async putAtMs() {
      const updated = (await unlessMissing(object.getMetadata()))?.[0].updated;
      return updated === undefined ? undefined : Date.parse(updated);
    },
  };
}

async function unlessMissing<Result>(asking: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asking;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
    throw error;
  }
}
