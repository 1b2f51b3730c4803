/** Removing what lies in the media bucket for good: a versioned bucket keeps what is only deleted. */
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { sortable } from '../runtime/ids.ts';

const client = new S3Client({});

/** Where everything lies that attempts at a job have made. */
export const jobFolder = (accountId: string, jobId: number): string =>
  `accounts/${accountId}/videos/${sortable(jobId)}/`;

/** Every version and delete marker of every object under the prefix; answers how many. Throws where S3 keeps one. */
export async function purge(bucket: string, prefix: string): Promise<number> {
  for (let gone = 0; ; ) {
    // What was deleted is not listed again, so each look begins at the beginning. 1000 is what one deletion takes.
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return gone;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Error(`${Errors.length} objects could not be deleted: ${first.Key} ${first.Code}`);
    gone += Objects.length;
  }
}
