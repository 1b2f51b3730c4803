/** Emptying buckets for good: every version of every object, and what hides deleted ones. */
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';

const client = new S3Client({});

export interface Emptying {
  /** Whether its objects are locked: where that is by governance, the lock is passed by. */
  readonly locked: boolean;
  /** Whether there is no time left; what was removed until then stays removed. */
  readonly outOfTime: () => boolean;
}

/** Removes all that is in the bucket, what comes meanwhile too; throws an Error that says why something is left, and what to do. */
export async function emptyBucket(bucket: string, { locked, outOfTime }: Emptying): Promise<void> {
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 })).catch(ifGone);
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) return;
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const bypass = locked && { BypassGovernanceRetention: true };
    const { Errors: [refused] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true }, ...bypass }),
    );
    if (refused?.Code === 'AccessDenied')
      throw new Error(
        `${bucket}: ${refused.Key} cannot be removed before its retention ends, by nobody: delete the stack again and retain this bucket and what empties it`,
      );
    if (refused) throw new Error(`${bucket}: ${refused.Key} cannot be removed: ${refused.Code} ${refused.Message}`);
    if (outOfTime()) throw new Error(`${bucket}: much was removed, and there is more: delete the stack again`);
  }
}

/** Somebody deleted the bucket by hand, such as after an earlier try: then nothing is in it. */
function ifGone(error: unknown): { Versions?: undefined; DeleteMarkers?: undefined } {
  if (error instanceof Error && error.name === 'NoSuchBucket') return {};
  throw error;
}
