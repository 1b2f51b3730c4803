/**
 * What a person has to look at: payments that do not fit. Few, so one partition holds them, in the order of time. Each is
 * written once, whatever it is made of comes again.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../platform/table.ts';
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

export function concernWrite(table: string, concern: PaymentConcern): TransactWrite & { Put: object } {
  return {
    Put: {
      TableName: table,
      Item: { pk: PARTITION, sk: `CONCERN#${concern.at}#${concern.subject}`, ...concern },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Stores one that stands alone. */
export async function putConcern(table: string, concern: PaymentConcern): Promise<void> {
  try {
    await documents.send(
      new PutCommand(concernWrite(table, concern).Put as ConstructorParameters<typeof PutCommand>[0]),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** The latest, newest first. */
export async function latestConcerns(table: string, limit: number): Promise<PaymentConcern[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': PARTITION, ':prefix': 'CONCERN#' },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items as PaymentConcern[];
}
