/** Appeals: one against each violation or measure, under its account, and a list of those of all accounts that are open. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { cursorOf } from '../http/cursor.ts';

export interface Appeal {
  readonly accountId: string;
  /** The violation or the measure. */
  readonly subject: string;
  readonly text: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly state: 'open' | 'upheld' | 'rejected';
  readonly decidedAt?: string;
  readonly reason?: string;
  /** One of staff. */
  readonly decidedBy?: string;
}

const OPEN = 'APPEALS_OPEN';
const appealKey = (accountId: string, subject: string) => ({ pk: accountKey(accountId).pk, sk: `APPEAL#${subject}` });
export const openAppealKey = ({ createdAt, accountId, subject }: OpenPlace) => ({
  pk: OPEN,
  sk: `${createdAt}#${accountId}#${subject}`,
});

const openPlace = z.strictObject({ createdAt: z.string(), accountId: z.string(), subject: z.string() });
type OpenPlace = z.output<typeof openPlace>;
export const APPEAL_CURSOR = cursorOf(openPlace);

/** The appeal, and its place among those that are open; the first is refused where there is one already. */
export function appealWrites(table: string, appeal: Appeal): Record<'appeal' | 'open', TransactWrite> {
  const { accountId, subject } = appeal;
  return {
    appeal: {
      Put: {
        TableName: table,
        Item: { ...appealKey(accountId, subject), ...appeal },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    open: { Put: { TableName: table, Item: { ...openAppealKey(appeal), ...appeal } } },
  };
}

/** Long enough to be read on from; after that, nobody looks there. */
const LISTED_SECONDS = 24 * 3600;

/** The decision; refused where there is one already. */
export function decisionWrites(
  table: string,
  appeal: Appeal,
  { state, reason, decidedBy, at }: { state: 'upheld' | 'rejected'; reason: string; decidedBy: string; at: number },
): Record<'appeal' | 'open', TransactWrite> {
  const names = { '#state': 'state' };
  const decided = { ':state': state, ':open': 'open', ':at': new Date(at).toISOString() };
  return {
    appeal: {
      Update: {
        TableName: table,
        Key: appealKey(appeal.accountId, appeal.subject),
        UpdateExpression: 'SET #state = :state, reason = :reason, decidedBy = :by, decidedAt = :at',
        ConditionExpression: '#state = :open',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...decided, ':reason': reason, ':by': decidedBy },
      },
    },
    open: {
      Update: {
        TableName: table,
        Key: openAppealKey(appeal),
        UpdateExpression: 'SET #state = :state, decidedAt = :at, expiresAt = :expires',
        ConditionExpression: '#state = :open',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...decided, ':expires': Math.floor(at / 1000) + LISTED_SECONDS },
      },
    },
  };
}

export async function findAppeal(table: string, accountId: string, subject: string): Promise<Appeal | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: appealKey(accountId, subject), ConsistentRead: true }),
  );
  return Item && appealOf(Item);
}

function appealOf({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ...appeal }: Record<string, unknown>): Appeal {
  return appeal as unknown as Appeal;
}

/** Up to `limit` of an account's, in the order of what they are against, after that of `after`. */
export async function appealsOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ appeals: Appeal[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'APPEAL#' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: appealKey(accountId, after) }),
    }),
  );
  return { appeals: Items.map(appealOf), more: LastEvaluatedKey !== undefined };
}

/** Those that nobody has decided, the oldest first. */
export async function openAppeals(
  table: string,
  { after, limit }: { after?: OpenPlace | undefined; limit: number },
): Promise<{ appeals: Appeal[]; next?: OpenPlace }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :open',
      FilterExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':open': OPEN, ':state': 'open' },
      Limit: limit,
      ...(after && { ExclusiveStartKey: openAppealKey(after) }),
    }),
  );
  if (!LastEvaluatedKey) return { appeals: Items.map(appealOf) };
  const [createdAt = '', accountId = '', subject = ''] = String(LastEvaluatedKey.sk).split('#');
  return { appeals: Items.map(appealOf), next: { createdAt, accountId, subject } };
}
