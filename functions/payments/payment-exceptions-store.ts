/**
 * Payment exceptions: payments and refunds that do not fit, for a person to resolve. They are few, so one partition holds
 * them, in the order of time. Each is written once, however often it is reported.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { cursorOf } from '../http/cursor.ts';
import type { ExceptionKind } from './purchase.ts';

export interface PaymentException {
  readonly kind: ExceptionKind;
  /** In words. */
  readonly why: string;
  /** What it is about, at the provider: an event, or a refund. */
  readonly subject: string;
  /** ISO 8601. */
  readonly at: string;
  readonly accountId?: string;
  readonly purchaseId?: string;
}

const PARTITION = 'PAYMENT_EXCEPTIONS';
const PREFIX = 'EXCEPTION#';
/** An exception's id is the cursor of its position in the list. */
const IDS = cursorOf(z.string().min(1));

export function exceptionWrite(table: string, exception: PaymentException): TransactWrite {
  const { kind, subject, at } = exception;
  return {
    Put: {
      TableName: table,
      Item: { pk: PARTITION, sk: `${PREFIX}${at}#${subject}#${kind}`, ...exception },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * Stores one by itself, the first time that it is reported of its subject: each event of a payment reports all its
 * refunds again, and the position in the list is that of the event.
 */
export async function putException(table: string, exception: PaymentException): Promise<void> {
  const Item = { pk: `${PREFIX}${exception.kind}#${exception.subject}`, sk: 'EXCEPTION' };
  await commit({
    reported: { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    exception: exceptionWrite(table, exception),
  });
}

export interface ListedException extends PaymentException {
  readonly id: string;
}

/** Up to `limit` exceptions, newest first, after the id `after`; throws a Refusal where that was never the id of one. */
export async function latestExceptions(
  table: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ exceptions: ListedException[]; more: boolean }> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': PARTITION, ':prefix': PREFIX },
      ScanIndexForward: false,
      // One more than is requested shows whether there is another.
      Limit: limit + 1,
      ...(after !== undefined && {
        ExclusiveStartKey: { pk: PARTITION, sk: `${PREFIX}${IDS.read(after, 'after')}` },
      }),
    }),
  );
  const exceptions = (Items as (PaymentException & { readonly sk: string })[]).map(exception => ({
    ...exception,
    id: IDS.write(exception.sk.slice(PREFIX.length)),
  }));
  return { exceptions: exceptions.slice(0, limit), more: exceptions.length > limit };
}
