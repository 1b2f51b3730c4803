/**
 * What a person has to look at: payments that do not fit. Few, so one partition holds them, in the order of time. Each is
 * written once, whatever it is made of comes again.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Concern } from './purchase.ts';

export interface PaymentConcern {
  readonly concern: Concern;
  /** In words. */
  readonly why: string;
  /** What it is about, at the provider: an event, or a refund. */
  readonly subject: string;
  /** ISO 8601. */
  readonly at: string;
  readonly accountId?: string;
  readonly purchaseId?: string;
}

const PARTITION = 'PAYMENT_CONCERNS';
const PREFIX = 'CONCERN#';

export function concernWrite(table: string, concern: PaymentConcern): TransactWrite {
  const { concern: name, subject, at } = concern;
  return {
    Put: {
      TableName: table,
      Item: { pk: PARTITION, sk: `${PREFIX}${at}#${subject}#${name}`, ...concern },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * Stores one that stands alone, the first time that it is told of its subject: each event of a payment tells of all its
 * refunds again, and the place in the list is that of the event.
 */
export async function putConcern(table: string, concern: PaymentConcern): Promise<void> {
  const told = { pk: `${PREFIX}${concern.concern}#${concern.subject}`, sk: 'CONCERN' };
  const marker = { Put: { TableName: table, Item: told, ConditionExpression: 'attribute_not_exists(pk)' } };
  await commit({ told: marker, concern: concernWrite(table, concern) });
}

export interface ListedConcern extends PaymentConcern {
  /** Its place in the list. */
  readonly id: string;
}

/** Up to `limit` concerns, newest first, after the id `after`, which need not be one. */
export async function latestConcerns(
  table: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ concerns: ListedConcern[]; more: boolean }> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': PARTITION, ':prefix': PREFIX },
      ScanIndexForward: false,
      // One more than is asked for tells whether there is another.
      Limit: limit + 1,
      ...(after !== undefined && { ExclusiveStartKey: { pk: PARTITION, sk: `${PREFIX}${placeOf(after)}` } }),
    }),
  );
  const concerns = (Items as (PaymentConcern & { readonly sk: string })[]).map(concern => ({
    ...concern,
    id: Buffer.from(concern.sk.slice(PREFIX.length)).toString('base64url'),
  }));
  return { concerns: concerns.slice(0, limit), more: concerns.length > limit };
}

const placeOf = (id: string): string => Buffer.from(id, 'base64url').toString();
