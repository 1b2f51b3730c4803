/** Documents of qualifications: their items in the core table and their bytes in a bucket of their own, below the account. */
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { UNTIMED_TAGS } from '../catalogue/retention.ts';
import { accountKey, documentKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { documentObjectKey, type QualificationDocument } from './document.ts';

const s3 = new S3Client({});

const MISSING = ['NoSuchKey', 'AccessDenied'];
/** Whoever announced it has the file at hand. */
const UPLOAD_SECONDS = 10 * 60;
/** A reviewer's link: long enough to open it, too short to be handed around. */
const LINK_SECONDS = 5 * 60;

export function documentWrite(table: string, accountId: string, document: QualificationDocument): TransactWrite {
  const Item = { ...documentKey(accountId, document.documentId), ...document };
  return { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** The document belongs to a submission from then on. */
export function submittedWrite(table: string, accountId: string, documentId: string): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: documentKey(accountId, documentId),
      UpdateExpression: 'SET #state = :submitted',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':submitted': 'submitted' },
    },
  };
}

export async function findDocument(
  table: string,
  accountId: string,
  documentId: string,
): Promise<QualificationDocument | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: documentKey(accountId, documentId), ConsistentRead: true }),
  );
  return Item as QualificationDocument | undefined;
}

/** All documents of an account, newest first; there are no more than it may announce. */
export async function documentsOf(table: string, accountId: string): Promise<QualificationDocument[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND begins_with(sk, :document)',
      ExpressionAttributeValues: { ':account': accountKey(accountId).pk, ':document': 'DOCUMENT#' },
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return Items as QualificationDocument[];
}

/** Where to PUT the bytes, and the headers without which the signature does not hold: S3 takes no other file there. */
export interface Upload {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Record<string, string>;
  /** ISO 8601. */
  readonly expires_at: string;
}

/** `now` is epoch ms. */
export async function uploadOf(
  bucket: string,
  accountId: string,
  { documentId, contentType, bytes, sha256 }: QualificationDocument,
  now: number,
): Promise<Upload> {
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: documentObjectKey(accountId, documentId),
    ContentType: contentType,
    ContentLength: bytes,
    ChecksumSHA256: checksum,
    Tagging: UNTIMED_TAGS.account,
  });
  const url = await getSignedUrl(s3, command, {
    expiresIn: UPLOAD_SECONDS,
    signableHeaders: new Set(['content-type', 'content-length']),
    unhoistableHeaders: new Set(['x-amz-checksum-sha256', 'x-amz-tagging']),
  });
  const headers = {
    'content-type': contentType,
    'content-length': String(bytes),
    'x-amz-checksum-sha256': checksum,
    'x-amz-tagging': UNTIMED_TAGS.account,
  };
  return { method: 'PUT', url, headers, expires_at: new Date(now + UPLOAD_SECONDS * 1000).toISOString() };
}

/** The bytes, where they were uploaded; no more of them than were announced and one. */
export async function documentBytes(
  bucket: string,
  accountId: string,
  { documentId, bytes }: QualificationDocument,
): Promise<Buffer | undefined> {
  try {
    const { Body } = await s3.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: documentObjectKey(accountId, documentId),
        Range: `bytes=0-${bytes}`,
      }),
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    // To one who may not list, S3 does not say that an object is missing.
    if (error instanceof S3ServiceException && MISSING.includes(error.name)) return undefined;
    throw error;
  }
}

/** A link to a submitted document, for a reviewer. */
export async function documentLink(bucket: string, accountId: string, documentId: string): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: documentObjectKey(accountId, documentId),
    // Shown, never run: whatever its bytes are.
    ResponseContentDisposition: `attachment; filename="${documentId}"`,
  });
  return getSignedUrl(s3, command, { expiresIn: LINK_SECONDS });
}
