/** Exports below their account, in the core table; the account names the one that is being made. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { AccountExport, Place, StoredVolume } from './export.ts';

const exportKey = (accountId: string, exportId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `EXPORT#${exportId}`,
});

/** That there was one is of interest for as long as an e-mail about it. */
const KEPT_SECONDS = 400 * 24 * 3600;

export function exportWrite(table: string, made: AccountExport): TransactWrite {
  const expiresAt = Math.floor(Date.parse(made.createdAt) / 1000) + KEPT_SECONDS;
  return {
    Put: {
      TableName: table,
      Item: { ...exportKey(made.accountId, made.exportId), ...made, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export async function findExport(
  table: string,
  accountId: string,
  exportId: string,
): Promise<AccountExport | undefined> {
  const Key = exportKey(accountId, exportId);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && exportOf(Item);
}

/** Up to `limit` of an account, newest first, after the id `after`, which need not be one. */
export async function exportsOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ exports: AccountExport[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'EXPORT#' },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: exportKey(accountId, after) }),
    }),
  );
  return { exports: Items.map(exportOf), more: LastEvaluatedKey !== undefined };
}

/** Adds a volume that is stored, and where the next begins; false where another run was faster with it. */
export async function noteVolume(
  table: string,
  { accountId, exportId, volumes }: AccountExport,
  volume: StoredVolume,
  place: Place,
): Promise<boolean> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: exportKey(accountId, exportId),
        UpdateExpression: 'SET volumes = list_append(volumes, :volume), place = :place',
        ConditionExpression: '#state = :preparing AND size(volumes) = :before',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':volume': [volume],
          ':place': place,
          ':preparing': 'preparing',
          ':before': volumes.length,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Its end, once; `manifest` where it is ready, and without one it failed. */
export function endWrite(
  table: string,
  { accountId, exportId }: AccountExport,
  at: string,
  manifest?: AccountExport['manifest'],
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: exportKey(accountId, exportId),
      UpdateExpression: `SET #state = :ended, completedAt = :at${manifest ? ', manifest = :manifest' : ''}`,
      ConditionExpression: '#state = :preparing',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':ended': manifest ? 'ready' : 'failed',
        ':at': at,
        ':preparing': 'preparing',
        ...(manifest && { ':manifest': manifest }),
      },
    },
  };
}

function exportOf({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ...found }: Record<string, unknown>): AccountExport {
  return found as unknown as AccountExport;
}
