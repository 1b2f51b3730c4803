/**
 * Holds in the core table, below no account: they outlive it. A hold that is placed or lifted raises the revision of holds of
 * the termination in the same transaction, and no page of a purge is written that was decided on other holds.
 */
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Hold } from './hold.ts';
import type { Termination } from './termination.ts';
import { terminationKey } from './terminations-store.ts';

const holdKey = (accountId: string, holdId: string) => ({ pk: `HOLD#${accountId}`, sk: holdId });

/** All of an account, the oldest first: there are as many as people have placed. */
export async function holdsOf(table: string, accountId: string): Promise<Hold[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': `HOLD#${accountId}` },
    ConsistentRead: true,
  };
  const holds: Hold[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) holds.push(...(Items as Hold[]));
  return holds;
}

export function placeWrite(table: string, hold: Hold): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...holdKey(hold.accountId, hold.holdId), ...hold },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Refused where it was lifted, or there is none. */
export function liftWrite(
  table: string,
  { accountId, holdId }: Hold,
  { by, at }: { by: string; at: string },
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: holdKey(accountId, holdId),
      UpdateExpression: 'SET liftedBy = :by, liftedAt = :at',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(liftedAt)',
      ExpressionAttributeValues: { ':by': by, ':at': at },
    },
  };
}

/** Words of people go with the account; that it was held stays. */
export function wordlessWrite(table: string, { accountId, holdId }: Hold): TransactWrite {
  const Key = holdKey(accountId, holdId);
  return { Update: { TableName: table, Key, UpdateExpression: 'REMOVE reason, targetId' } };
}

/**
 * The termination as it was read knows of other holds now, and one that waited for holds is due. Refused while a page of
 * objects may be under way: what a hold answers to be kept is kept.
 */
export function reviseWrite(
  table: string,
  { accountId, terminationId, revision, state }: Termination,
  { now, isFreed }: { now: number; isFreed: boolean },
): TransactWrite {
  const resumes = isFreed && state === 'held';
  return {
    Update: {
      TableName: table,
      Key: terminationKey(accountId),
      UpdateExpression: `SET revision = :next${resumes ? ', terminationState = :purging, dueAt = :due' : ''} ADD holdsRevision :one`,
      ConditionExpression:
        'terminationId = :id AND revision = :revision AND (attribute_not_exists(pageUntil) OR pageUntil < :now)',
      ExpressionAttributeValues: {
        ':id': terminationId,
        ':revision': revision,
        ':next': revision + 1,
        ':one': 1,
        ':now': now,
        ...(resumes && { ':purging': 'purging', ':due': new Date(now).toISOString() }),
      },
    },
  };
}

export async function findHold(table: string, accountId: string, holdId: string): Promise<Hold | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: holdKey(accountId, holdId), ConsistentRead: true }),
  );
  return Item as Hold | undefined;
}
