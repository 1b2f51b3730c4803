/** Signed heads of chains in their bucket, where S3 keeps every version for years: they are only ever added. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import {
  type Anchor,
  anchorOf,
  type ChainHead,
  headObjectKey,
  headsPrefix,
  readAnchor,
  type SigningKey,
} from './anchor.ts';

const s3 = new S3Client({});

/** Puts the head there, signed; one that is there already stays as it is. */
export async function putAnchor(
  bucket: string,
  accountId: string,
  head: ChainHead,
  { at, key }: { at: string; key: SigningKey },
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: headObjectKey(accountId, head.number),
    Body: JSON.stringify(anchorOf(accountId, head, at, key)),
    ContentType: 'application/json',
    IfNoneMatch: '*',
  });
  try {
    await s3.send(command);
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412)) throw error;
  }
}

/** Objects that are no anchors are passed over, up to so many: whoever may write here could put them before all others. */
const MOST_READ = 100;

/** The newest anchor of an account, and the keys of objects before it that the stage's key did not sign. */
export async function newestAnchor(
  bucket: string,
  accountId: string,
  { publicKey }: SigningKey,
): Promise<{ anchor?: Anchor; forged: string[] }> {
  // Versions and not objects: a delete marker hides an object, and takes no version away.
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: headsPrefix(accountId), MaxKeys: MOST_READ }),
  );
  const forged: string[] = [];
  for (const { Key = '', VersionId } of Versions) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }));
    const anchor = readAnchor((await Body?.transformToString()) ?? '', accountId, publicKey);
    if (anchor && headObjectKey(accountId, anchor.number) === Key) return { anchor, forged };
    forged.push(Key);
  }
  return { forged };
}
