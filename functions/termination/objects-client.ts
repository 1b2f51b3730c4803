/** Objects of an account in S3 as a purge lists, tags and deletes them, with every version, and as a hold locks them. */
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

const client = new S3Client({});

/** 1,000 is what one deletion takes. */
const OBJECTS_A_PAGE = 1000;
/** Calls that are under way at once where S3 takes one object a call. */
const AT_ONCE = 16;

export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  /** Bytes; 0 of a delete marker. */
  readonly size: number;
  readonly etag?: string;
}

export interface VersionPage {
  readonly versions: readonly ObjectVersion[];
  /** Where the next page begins. */
  readonly next?: VersionPlace;
}

export interface VersionPlace {
  readonly key: string;
  readonly versionId?: string;
}

/** A page of all versions and delete markers under the prefix. */
export async function versionsUnder(bucket: string, prefix: string, after?: VersionPlace): Promise<VersionPage> {
  const page = await client.send(
    new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: OBJECTS_A_PAGE,
      ...(after && { KeyMarker: after.key, VersionIdMarker: after.versionId }),
    }),
  );
  const { Versions = [], DeleteMarkers = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
  const stored = Versions.map(({ Key = '', VersionId = '', IsLatest = false, Size = 0, ETag }) => {
    const etag = ETag?.replaceAll('"', '');
    return { key: Key, versionId: VersionId, isLatest: IsLatest, isMarker: false, size: Size, ...(etag && { etag }) };
  });
  const markers = DeleteMarkers.map(({ Key = '', VersionId = '', IsLatest = false }) => {
    return { key: Key, versionId: VersionId, isLatest: IsLatest, isMarker: true, size: 0 };
  });
  return {
    versions: [...stored, ...markers],
    ...(IsTruncated &&
      NextKeyMarker !== undefined && {
        next: { key: NextKeyMarker, ...(NextVersionIdMarker !== undefined && { versionId: NextVersionIdMarker }) },
      }),
  };
}

/** Tags objects that stand for the lifecycle rule of what is purged; one that is gone meanwhile needs no tag. */
export async function tagPurged(bucket: string, keys: readonly string[]): Promise<void> {
  const Tagging = { TagSet: [{ Key: 'purge', Value: 'true' }] };
  await each(keys, key => client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging })));
}

/** Takes the tag from objects that a hold keeps: no rule may end them. */
export async function untag(bucket: string, keys: readonly string[]): Promise<void> {
  await each(keys, key => client.send(new DeleteObjectTaggingCommand({ Bucket: bucket, Key: key })));
}

/** Locks versions, or lets go of them. Of a delete marker there is nothing to lock. */
export async function lockVersions(
  bucket: string,
  versions: readonly ObjectVersion[],
  status: 'ON' | 'OFF',
): Promise<void> {
  await each(
    versions.filter(({ isMarker }) => !isMarker),
    ({ key, versionId }) =>
      client.send(
        new PutObjectLegalHoldCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId,
          LegalHold: { Status: status },
        }),
      ),
  );
}

/** Deletes versions for good, at most 1,000; throws where S3 keeps one. */
export async function deleteVersions(bucket: string, versions: readonly ObjectVersion[]): Promise<void> {
  const Objects = versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${Errors.length} versions were not deleted: ${first.Key} ${first.Code}`);
}

/** Ends uploads in parts under the prefix, and answers how many of a page; 0 where none is left. */
export async function abortUploads(bucket: string, prefix: string): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
  await each(Uploads, ({ Key, UploadId }) =>
    client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })),
  );
  return Uploads.length;
}

const GONE = ['NoSuchKey', 'NoSuchUpload', 'NoSuchVersion', 'MethodNotAllowed'];

async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(
      items.slice(at, at + AT_ONCE).map(async item => {
        try {
          await act(item);
        } catch (error) {
          // It went meanwhile.
          if (!(error instanceof S3ServiceException) || !GONE.includes(error.name)) throw error;
        }
      }),
    );
  }
}
