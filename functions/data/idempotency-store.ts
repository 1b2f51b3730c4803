/**
 * Idempotency records: what a call with a token was answered, written by the transaction of its effect, so that a token
 * is never "in progress": either the effect is there, or it is not. Kept for a day.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import { idempotencyKey } from './item-keys.ts';
import { documents, type TransactWrite } from './table.ts';

const KEPT_SECONDS = 24 * 3600;

export type IdempotencyRecord<Result extends object> = Result & { readonly requestHash: string };

/** The record's write; it is refused, with what stands there, where the token was used within a day. `now` is epoch ms. */
export function recordWrite(
  table: string,
  accountId: string,
  { token, requestHash }: IdempotencyKey,
  result: object,
  now: number,
): TransactWrite {
  const seconds = Math.floor(now / 1000);
  return {
    Put: {
      TableName: table,
      Item: {
        ...idempotencyKey(accountId, token),
        ...result,
        accountId,
        requestHash,
        expiresAt: seconds + KEPT_SECONDS,
      },
      // TTL deletes late: an expired record is as good as none.
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
      ExpressionAttributeValues: { ':now': seconds },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** The record of an earlier call, for one who must know before there is anything to write; undefined where there is none. */
export async function findRecord<Result extends object>(
  table: string,
  accountId: string,
  token: string,
  now: number,
): Promise<IdempotencyRecord<Result> | undefined> {
  const Key = idempotencyKey(accountId, token);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && Number(Item.expiresAt) >= now / 1000 ? (Item as IdempotencyRecord<Result>) : undefined;
}
