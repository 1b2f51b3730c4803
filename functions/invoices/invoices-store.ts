/**
 * Documents below their account, numbers without gaps, and what was issued on a day; and the bytes of PDFs in a bucket of
 * their own. A number is drawn by the transaction that writes its document: there is none without the other.
 */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { mailWrite } from '../accounts/mails-store.ts';
import { UNTIMED_TAGS } from '../catalogue/retention.ts';
import type { BookedEntry } from '../credits/ledger-store.ts';
import { dayShards } from '../data/day-shard.ts';
import { accountKey, keyDigest } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { NamedWrites } from '../data/transaction.ts';
import { DOCUMENTED_KINDS, type DocumentIssuer, type InvoiceDocument, mailFields, type Series } from './document.ts';

const s3 = new S3Client({});

const invoiceKey = (accountId: string, invoiceId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `INVOICE#${invoiceId}`,
});

/** An issuer is who it is by its number for tax; a name may be written in another way. */
const counterKey = ({ taxId, name }: DocumentIssuer, series: Series, year: string) => ({
  pk: `NUMBERS#${keyDigest(taxId || name)}`,
  sk: `${series}#${year}`,
});

const issuedKey = (day: string) => `ISSUED#${day}`;

/** How far a series has come in a year: 0 before its first document. */
export interface Counter {
  readonly place: number;
  /** When the last was issued, ISO 8601; numbers are in the order of their dates. */
  readonly at: string;
}

export async function findCounter(
  table: string,
  issuer: DocumentIssuer,
  series: Series,
  year: string,
): Promise<Counter> {
  const Key = counterKey(issuer, series, year);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return { place: Number(Item?.place ?? 0), at: String(Item?.at ?? '') };
}

function counterWrite(table: string, { issuer, series, issuedAt }: InvoiceDocument, seen: Counter): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: counterKey(issuer, series, issuedAt.slice(0, 4)),
      UpdateExpression: 'SET place = :place, #at = :at',
      ConditionExpression: seen.place === 0 ? 'attribute_not_exists(pk)' : 'place = :seen',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: {
        ':place': seen.place + 1,
        ':at': issuedAt,
        ...(seen.place > 0 && { ':seen': seen.place }),
      },
    },
  };
}

/** The document with its number, which is the next after `seen`, or Stripe's where that is absent, and its e-mail. Refused where another took that number. */
export function documentWrites(
  table: string,
  document: InvoiceDocument,
  { seen, original }: { readonly seen: Counter | undefined; readonly original: InvoiceDocument | undefined },
): NamedWrites {
  const { accountId, invoiceId, issuedAt, number, mailId } = document;
  return {
    document: {
      Put: {
        TableName: table,
        Item: { ...invoiceKey(accountId, invoiceId), ...document },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...(seen && { counter: counterWrite(table, document, seen) }),
    issued: {
      Put: {
        TableName: table,
        // Of two issuers the numbers may be the same, never the documents.
        Item: { pk: issuedKey(issuedAt.slice(0, 10)), sk: `${number}#${invoiceId}`, accountId, invoiceId },
      },
    },
    ...(mailId !== undefined && {
      mail: mailWrite(table, accountId, {
        mailId,
        template: 'invoice',
        fields: mailFields(document),
        createdAt: issuedAt,
      }),
    }),
    ...(original && { original: creditedWrite(table, original, document.total) }),
  };
}

/** As much of a document is credited as was read, and now by `amount` more. */
function creditedWrite(
  table: string,
  { accountId, invoiceId, credited }: InvoiceDocument,
  amount: number,
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: invoiceKey(accountId, invoiceId),
      UpdateExpression: 'SET credited = :now',
      ConditionExpression:
        credited === undefined ? 'attribute_exists(pk) AND attribute_not_exists(credited)' : 'credited = :before',
      ExpressionAttributeValues: {
        ':now': (credited ?? 0) + amount,
        ...(credited !== undefined && { ':before': credited }),
      },
    },
  };
}

export async function findInvoice(
  table: string,
  accountId: string,
  invoiceId: string,
): Promise<InvoiceDocument | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: invoiceKey(accountId, invoiceId), ConsistentRead: true }),
  );
  return Item && invoiceOf(Item);
}

/** Up to `limit` documents of an account, newest first, after the id `after`, which need not be one. */
export async function invoicesOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ invoices: InvoiceDocument[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'INVOICE#' },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: invoiceKey(accountId, after) }),
    }),
  );
  return { invoices: Items.map(invoiceOf), more: LastEvaluatedKey !== undefined };
}

/** Documents that are read at once. */
const PAGE = 25;

/** The documents that were issued on a UTC day, in the order of their numbers, page by page. */
export async function* invoicesIssued(table: string, day: string): AsyncGenerator<InvoiceDocument[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': issuedKey(day) },
        ConsistentRead: true,
        Limit: PAGE,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const found = await Promise.all(
      Items.map(({ accountId, invoiceId }) => findInvoice(table, String(accountId), String(invoiceId))),
    );
    yield found.filter(invoice => invoice !== undefined);
    start = LastEvaluatedKey;
  } while (start);
}

/** The PDF that counts from now on: the first that is noted. */
export async function notePdf(
  table: string,
  { accountId, invoiceId }: InvoiceDocument,
  pdf: { readonly sha256: string; readonly bytes: number },
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: invoiceKey(accountId, invoiceId),
      UpdateExpression: 'SET pdf = if_not_exists(pdf, :pdf)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':pdf': pdf },
    }),
  );
}

/** Named by its bytes: whoever makes it again either writes the same, or another object that nobody refers to. */
function pdfKey({ accountId, invoiceId }: Pick<InvoiceDocument, 'accountId' | 'invoiceId'>, sha256: string): string {
  return `accounts/${accountId}/${invoiceId}/${sha256}.pdf`;
}

export async function putPdf(
  bucket: string,
  document: InvoiceDocument,
  { sha256, contents }: { readonly sha256: string; readonly contents: Uint8Array },
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: pdfKey(document, sha256),
      Body: contents,
      ContentType: 'application/pdf',
      Tagging: UNTIMED_TAGS.books,
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    }),
  );
}

/** How long a link to a PDF is good. */
export const LINK_SECONDS = 15 * 60;

export function pdfLink(bucket: string, document: InvoiceDocument, sha256: string): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: pdfKey(document, sha256),
    ResponseContentDisposition: `attachment; filename="${document.number}.pdf"`,
  });
  return getSignedUrl(s3, command, { expiresIn: LINK_SECONDS });
}

/** The entries of a UTC day that have documents, of all accounts, page by page. */
export async function* documentedEntries(
  table: string,
  day: string,
): AsyncGenerator<{ readonly accountId: string; readonly entry: BookedEntry }> {
  for (const shard of dayShards(day)) {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byDay',
          KeyConditionExpression: 'bookedShard = :shard',
          FilterExpression: `#kind IN (${DOCUMENTED_KINDS.map(kind => `:${kind}`).join(', ')})`,
          ExpressionAttributeNames: { '#kind': 'kind' },
          ExpressionAttributeValues: {
            ':shard': shard,
            ...Object.fromEntries(DOCUMENTED_KINDS.map(kind => [`:${kind}`, kind])),
          },
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      yield* Items.map(item => ({ accountId: String(item.pk), entry: item as BookedEntry }));
      start = LastEvaluatedKey;
    } while (start);
  }
}

function invoiceOf({ pk: _pk, sk: _sk, ...invoice }: Record<string, unknown>): InvoiceDocument {
  return invoice as unknown as InvoiceDocument;
}
