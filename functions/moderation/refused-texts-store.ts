/** How many texts of an account were refused, by the UTC hour: what probing shows by. Kept for as long as a pattern of it matters. */
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { accountKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { hourOf } from './probing.ts';

const KEPT_SECONDS = 90 * 24 * 3600;

const refusedKey = (accountId: string, now: number) => ({
  pk: accountKey(accountId).pk,
  sk: `REFUSED#${hourOf(now)}`,
});

export interface RefusedCounts {
  /** Texts of this hour. */
  readonly texts: number;
  /** Those that the same rule refused. */
  readonly ofRule: number;
}

/** Counts one more that this rule refused; `now` is epoch ms. */
export async function countRefusedText(
  table: string,
  accountId: string,
  rule: string,
  now: number,
): Promise<RefusedCounts> {
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: refusedKey(accountId, now),
      UpdateExpression: 'SET expiresAt = :expires ADD texts :one, #rule :one',
      ExpressionAttributeNames: { '#rule': `rule ${rule}` },
      ExpressionAttributeValues: { ':one': 1, ':expires': Math.floor(now / 1000) + KEPT_SECONDS },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return { texts: Number(Attributes?.texts), ofRule: Number(Attributes?.[`rule ${rule}`]) };
}

/** How many were refused in this hour. */
export async function refusedTexts(table: string, accountId: string, now: number): Promise<number> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: refusedKey(accountId, now) }));
  return Number(Item?.texts ?? 0);
}
