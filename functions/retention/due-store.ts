/** What ends by itself, as the index of the jobs table has it; and uploads that have ended, which are forgotten whole. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { RETAINED_SHARDS } from '../data/retained.ts';
import { documents } from '../data/table.ts';
import type { StoredImage, StoredMedia } from '../uploads/uploads-store.ts';

export interface DueKey {
  /** The account. */
  readonly pk: string;
  readonly sk: string;
  /** Epoch ms. */
  readonly dueAt: number;
}

/** Keys that are read at once. */
const PAGE = 200;

/** The keys of all that ends after `from` and until `until`, both epoch ms, page by page: one read each. */
export async function* endingBetween(table: string, from: number, until: number): AsyncGenerator<DueKey[]> {
  for (const shard of RETAINED_SHARDS) {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'open',
          KeyConditionExpression: 'openShard = :shard AND dueAt BETWEEN :after AND :until',
          ExpressionAttributeValues: { ':shard': shard, ':after': from + 1, ':until': until },
          Limit: PAGE,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      yield Items as DueKey[];
      start = LastEvaluatedKey;
    } while (start);
  }
}

/** The upload as it stands; undefined where it was forgotten. */
export async function findUpload(table: string, { pk, sk }: DueKey): Promise<StoredImage | StoredMedia | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
  return Item?.objectKey === undefined ? undefined : (Item as StoredImage | StoredMedia);
}

/**
 * Empties its item, which TTL then takes away: nobody may delete from a table. False where it is not the one that was read,
 * or another was faster. `now` is epoch ms.
 */
export async function forgetUpload(table: string, { pk, sk, dueAt }: DueKey, now: number): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { pk, sk, expiresAt: Math.floor(now / 1000) },
        ConditionExpression: 'keptUntilMs = :due',
        ExpressionAttributeValues: { ':due': dueAt },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
