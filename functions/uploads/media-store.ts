/** The media bucket: what is uploaded, what was made, links to it, and its removal. Everything of an account is under its prefix. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type ObjectVersion,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { retentionTag } from '../catalogue/retention.ts';

const client = new S3Client({});

/** A link is minted when it is asked for, never stored, and dies after this. */
const LINK_SECONDS = 15 * 60;

/** A link to one object that anyone who has it may follow for 15 minutes. */
export async function mintLink(bucket: string, key: string, download?: string): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(download && { ResponseContentDisposition: `inline; filename="${download}"` }),
  });
  return getSignedUrl(client, command, { expiresIn: LINK_SECONDS });
}

/** The key of the object that a link of ours is to; undefined where it is a link to something else. */
export async function keyOfLink(bucket: string, url: URL): Promise<string | undefined> {
  const marker = 'any';
  const { origin, pathname } = new URL(await mintLink(bucket, marker));
  const before = pathname.slice(0, -marker.length);
  if (url.origin !== origin || !url.pathname.startsWith(before)) return undefined;
  try {
    return decodeURIComponent(url.pathname.slice(before.length));
  } catch {
    return '';
  }
}

/** What an object is stored as. */
export interface MediaKind {
  readonly contentType: string;
  /** Its tag says for how long; undefined where nothing ends it. */
  readonly retentionDays: number | undefined;
}

/** Stores a new object; false where one of this key stands already, which is left as it is. */
export async function putMedia(
  bucket: string,
  key: string,
  body: Buffer,
  { contentType, retentionDays }: MediaKind,
): Promise<boolean> {
  const place = { Bucket: bucket, Key: key, Tagging: retentionTag(retentionDays) };
  try {
    await client.send(
      new PutObjectCommand({
        ...place,
        Body: body,
        ContentType: contentType,
        // S3 keeps it: whoever deletes the object says by it what that was, without reading it.
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        IfNoneMatch: '*',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false;
    throw error;
  }
}

/** On which an object is read. */
export interface Condition {
  /** One range, as HTTP writes it. */
  readonly range?: string;
  /** The ETag of which the range is a part; all of another object is wanted. */
  readonly ifRange?: string;
  /** An ETag that is not wanted again. */
  readonly ifNoneMatch?: string;
}

export type OpenedMedia =
  | {
      readonly kind: 'whole' | 'range';
      readonly body: AsyncIterable<Uint8Array>;
      /** Type, length, ETag and the like, as HTTP writes them. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'beyond_end'; readonly bytes: number };

/** The object, to be read as it comes; undefined where there is none. */
export async function openMedia(
  bucket: string,
  key: string,
  { range, ifRange, ifNoneMatch }: Condition,
): Promise<OpenedMedia | undefined> {
  try {
    const found = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, IfMatch: ifRange, IfNoneMatch: ifNoneMatch }),
    );
    if (!(found.Body instanceof Readable)) throw new Error(`${key} has no body`);
    const headers = Object.entries({
      'content-type': found.ContentType,
      'content-length': found.ContentLength,
      'content-range': found.ContentRange,
      etag: found.ETag,
      'last-modified': found.LastModified?.toUTCString(),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    return {
      kind: found.ContentRange === undefined ? 'whole' : 'range',
      body: found.Body,
      headers: Object.fromEntries(headers),
    };
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    // S3 says 403 to one who may not list: whether there is nothing, or nothing for it.
    if (status === 404 || status === 403) return undefined;
    if (status === 304) return { kind: 'unchanged' };
    if (status === 412) return openMedia(bucket, key, {});
    if (status !== 416) throw error;
    const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { kind: 'beyond_end', bytes: ContentLength };
  }
}

/** The whole object, or that version of it. */
export async function getMedia(bucket: string, key: string, versionId?: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  if (!Body) throw new Error(`${key} has no body`);
  return Body.transformToByteArray();
}

/** Who is told what goes, before it goes. */
export interface Noting {
  /** Ids of versions that it knows already. */
  readonly known: ReadonlySet<string>;
  before(found: readonly DescribedVersion[]): Promise<void>;
}

async function note(bucket: string, versions: readonly ObjectVersion[], noting: Noting | undefined): Promise<void> {
  const fresh = versions.filter(({ VersionId = '' }) => !noting?.known.has(VersionId));
  if (noting && fresh.length > 0) await noting.before(await describe(bucket, fresh));
}

/**
 * Removes every version and delete marker of every object under the prefix, for good: a versioned bucket keeps what is only
 * deleted. Answers how many; throws where S3 keeps one. Versions that `noting` does not know are shown to it before they go.
 */
export async function purge(bucket: string, prefix: string, noting?: Noting): Promise<number> {
  for (let gone = 0; ; ) {
    // What was deleted is not listed again, so each look begins at the beginning. 1000 is what one deletion takes.
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return gone;
    await note(bucket, Versions, noting);
    await deleteObjects(bucket, Objects);
    gone += Objects.length;
  }
}

/** A version of an object, and what was in it. */
export interface DescribedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  /** In hex; null where it went meanwhile. */
  readonly sha256: string | null;
}

/** Every version under the prefix with its hash. The prefix is of one job, which has a few dozen at most. */
export async function describedVersions(bucket: string, prefix: string): Promise<DescribedVersion[]> {
  const { Versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
  );
  return describe(bucket, Versions);
}

function describe(bucket: string, versions: readonly ObjectVersion[]): Promise<DescribedVersion[]> {
  return Promise.all(
    versions.map(async ({ Key = '', VersionId = '', Size = 0 }) => {
      const sha256 = await digestOf(bucket, Key, VersionId);
      return { key: Key, versionId: VersionId, bytes: Size, sha256 };
    }),
  );
}

/** The SHA-256 that S3 keeps of the version, else of its content; null where it is not there any more. */
async function digestOf(Bucket: string, Key: string, VersionId: string): Promise<string | null> {
  const version = { Bucket, Key, VersionId };
  try {
    const { ChecksumSHA256 } = await client.send(new HeadObjectCommand({ ...version, ChecksumMode: 'ENABLED' }));
    // What was put in parts has the hash of their hashes, with their number behind it.
    if (ChecksumSHA256 && !ChecksumSHA256.includes('-')) return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
    const { Body } = await client.send(new GetObjectCommand(version));
    const hash = createHash('sha256');
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
    throw error;
  }
}

/** The version of the object that stands now; undefined where there is none. */
export async function versionOf(bucket: string, key: string): Promise<string | undefined> {
  const { Versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 10 }),
  );
  return Versions.find(version => version.Key === key && version.IsLatest)?.VersionId;
}

/**
 * Hides one object and removes all others under the prefix for good. What is hidden is not there for any link or reader but
 * one that names its version. Answers how many objects went. The prefix is of one job, which has a few dozen at most.
 */
export async function hide(bucket: string, prefix: string, hidden: string, noting?: Noting): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
  );
  const others = [...Versions, ...DeleteMarkers].filter(({ Key }) => Key !== hidden);
  const shown = Versions.some(({ Key, IsLatest }) => Key === hidden && IsLatest);
  const Objects = [
    ...others.map(({ Key, VersionId }) => ({ Key, VersionId })),
    // Without a version this adds a delete marker, and removes nothing.
    ...(shown ? [{ Key: hidden }] : []),
  ];
  await note(bucket, Versions, noting);
  if (Objects.length > 0) await deleteObjects(bucket, Objects);
  return others.length;
}

/** No rule ends what stands under the prefix any more. It is of one job or upload, which has a few dozen at most. */
export async function keepWhole(bucket: string, prefix: string): Promise<void> {
  const { Versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
  );
  const standing = Versions.filter(({ IsLatest }) => IsLatest);
  await Promise.all(standing.map(({ Key }) => client.send(new DeleteObjectTaggingCommand({ Bucket: bucket, Key }))));
}

async function deleteObjects(bucket: string, Objects: ObjectIdentifier[]): Promise<void> {
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${Errors.length} objects could not be deleted: ${first.Key} ${first.Code}`);
}
