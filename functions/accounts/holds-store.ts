/**
 * Legal holds in the core table, apart from the rows of their account: they outlive it. What a hold names is deleted by nobody:
 * neither by its owner, nor by a purge, nor at the end of its days.
 */
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { HoldKind } from '../catalogue/terminations.ts';
import { documents, type TransactWrite } from '../data/table.ts';

export interface Hold {
  readonly holdId: string;
  readonly accountId: string;
  readonly kind: HoldKind;
  /** Which one, where it is not all of the account or its ledger. */
  readonly targetId?: string;
  readonly reason?: string;
  readonly placedBy: string;
  /** ISO 8601. */
  readonly placedAt: string;
  readonly liftedBy?: string;
  readonly liftedAt?: string;
}

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

export async function findHold(table: string, accountId: string, holdId: string): Promise<Hold | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: holdKey(accountId, holdId), ConsistentRead: true }),
  );
  return Item as Hold | undefined;
}

/** Whether a hold that is not lifted keeps this: one that names it, or all of the account. */
export async function isHeld(
  table: string,
  accountId: string,
  { kind, id }: { readonly kind: Exclude<HoldKind, 'account'>; readonly id: number },
): Promise<boolean> {
  const holds = await holdsOf(table, accountId);
  return holds.some(
    hold =>
      hold.liftedAt === undefined && (hold.kind === 'account' || (hold.kind === kind && Number(hold.targetId) === id)),
  );
}
