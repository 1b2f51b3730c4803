/** What went of the objects of an account, kept page by page before it goes, until a certificate says it. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { keyDigest } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { ObjectVersion } from './objects-client.ts';

const partitionOf = (terminationId: string) => `PURGE#${terminationId}`;

/** Versions of one item: with keys of 100 characters some 150 KB, of the 400 that an item may have. */
const VERSIONS_A_PAGE = 500;

export interface ManifestVersion extends Omit<ObjectVersion, 'isLatest'> {
  readonly bucketClass: string;
  /** Hex; of what is known. */
  readonly sha256?: string;
}

/** Writes of pages with these versions; the same versions again are the same pages. */
export function manifestWrites(
  table: string,
  terminationId: string,
  bucketClass: string,
  versions: readonly ObjectVersion[],
  hashes: ReadonlyMap<string, string>,
): TransactWrite[] {
  const pages: TransactWrite[] = [];
  for (let at = 0; at < versions.length; at += VERSIONS_A_PAGE) {
    const page = versions.slice(at, at + VERSIONS_A_PAGE);
    const [first] = page;
    if (!first) continue;
    const sk = `OBJECTS#${bucketClass}#${keyDigest(`${first.key}\n${first.versionId}`)}`;
    const compact = page.map(({ key, versionId, isLatest, isMarker, size, etag = '' }) => {
      // What is known is of what stands.
      return [key, versionId, isMarker, size, etag, isLatest && !isMarker ? (hashes.get(key) ?? '') : ''];
    });
    pages.push({
      Put: { TableName: table, Item: { pk: partitionOf(terminationId), sk, bucketClass, versions: compact } },
    });
  }
  return pages;
}

type Compact = [key: string, versionId: string, isMarker: boolean, size: number, etag: string, sha256: string];

/** All of them, each once: a page that was cut off is written again with what was left of it. */
export async function manifestOf(table: string, terminationId: string): Promise<ManifestVersion[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitionOf(terminationId) },
    ConsistentRead: true,
  };
  const found = new Map<string, ManifestVersion>();
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) {
    for (const { bucketClass, versions } of Items) {
      for (const [key, versionId, isMarker, size, etag, sha256] of versions as Compact[]) {
        found.set(`${bucketClass}\n${key}\n${versionId}`, {
          bucketClass: String(bucketClass),
          key,
          versionId,
          isMarker,
          size,
          ...(etag !== '' && { etag }),
          ...(sha256 !== '' && { sha256 }),
        });
      }
    }
  }
  return [...found.values()].sort((one, other) =>
    order(`${one.bucketClass}\n${one.key}`, `${other.bucketClass}\n${other.key}`),
  );
}

const order = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** Keys of its pages, to erase them once the certificate has them. */
export async function manifestKeys(table: string, terminationId: string): Promise<{ pk: string; sk: string }[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitionOf(terminationId) },
    ProjectionExpression: 'pk, sk',
  };
  const keys: { pk: string; sk: string }[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) {
    keys.push(...(Items as { pk: string; sk: string }[]));
  }
  return keys;
}
