/** Auto top-up in the core table: one item of an account, and the list of what is to be looked at. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { accountAllows } from '../accounts/account-changes-store.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { AutoTopUp } from './auto-top-up.ts';

const stateKey = (accountId: string) => ({ pk: accountKey(accountId).pk, sk: 'AUTO_TOP_UP' });

/** What nobody has set yet is there too, empty. */
export async function findAutoTopUp(table: string, accountId: string): Promise<AutoTopUp> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: stateKey(accountId), ConsistentRead: true }),
  );
  if (!Item) return { accountId, revision: 0 };
  const { pk: _pk, sk: _sk, ...state } = Item;
  return state as unknown as AutoTopUp;
}

/**
 * As it was changed; refused where it is not as it was read. What is to be looked at again is on the list, and so is what
 * `lookAt` (ISO 8601) names.
 */
export function autoTopUpWrites(
  table: string,
  state: AutoTopUp,
  { before, lookAt }: { readonly before: AutoTopUp; readonly lookAt?: string },
): Record<string, TransactWrite> {
  const { accountId, open } = state;
  const dueAt = open && open.dueAt !== before.open?.dueAt ? open.dueAt : undefined;
  const due = [...new Set([dueAt, lookAt])].filter(at => at !== undefined);
  return {
    autoTopUp: {
      Put: {
        TableName: table,
        Item: { ...stateKey(accountId), ...state },
        ...(before.revision === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :revision',
              ExpressionAttributeValues: { ':revision': before.revision },
            }),
      },
    },
    ...Object.assign({}, ...due.map(at => dueWrites(table, { accountId, at }))),
  };
}

/** That the account may pay at `now` (epoch ms), and has fewer credits to spend than `below`. */
export function lowBalanceCheck(
  table: string,
  { accountId, below, now }: { accountId: string; below: number; now: number },
): TransactWrite {
  const { ConditionExpression, ExpressionAttributeValues, ...names } = accountAllows('pay', now);
  return {
    ConditionCheck: {
      TableName: table,
      Key: accountKey(accountId),
      ConditionExpression: `${ConditionExpression} AND available < :below`,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ':below': below },
      ...names,
    },
  };
}

export interface DueTopUp {
  readonly accountId: string;
  /** ISO 8601. */
  readonly at: string;
}

const LIST = 'TOP_UPS_DUE';
export const dueTopUpKey = ({ accountId, at }: DueTopUp) => ({ pk: LIST, sk: `${at}#${accountId}` });
/** Where the account stands on the list, below the account: whoever erases it finds it so. */
export const DUE_PLACE = 'TOP_UP_DUE#';
const placeKey = ({ accountId, at }: DueTopUp) => ({ pk: accountKey(accountId).pk, sk: `${DUE_PLACE}${at}` });

/** An account on the list is looked at, whatever it turns out to need then: one too many does no harm. */
function dueWrites(table: string, due: DueTopUp): Record<string, TransactWrite> {
  const { accountId, at } = due;
  const write = (Key: object) => ({
    Update: {
      TableName: table,
      Key: { ...Key },
      UpdateExpression: 'SET accountId = :account, #at = :at REMOVE doneAt, expiresAt',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':account': accountId, ':at': at },
    },
  });
  return { [`due ${at}`]: write(dueTopUpKey(due)), [`place ${at}`]: write(placeKey(due)) };
}

/** Puts an account on the list by itself. */
export async function expectLook(table: string, accountId: string, at: string): Promise<void> {
  await commit(dueWrites(table, { accountId, at }));
}

/** What is due at a moment (ISO 8601) or was before it, the oldest first, page by page. */
export async function* topUpsDue(table: string, moment: string): AsyncGenerator<DueTopUp[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :list AND sk <= :until',
        FilterExpression: 'attribute_not_exists(doneAt)',
        // After all accounts of the moment.
        ExpressionAttributeValues: { ':list': LIST, ':until': `${moment}#~` },
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield Items as DueTopUp[];
    start = LastEvaluatedKey;
  } while (start);
}

/** Done, it is removed by the table some time later; what says where it is, after it. */
const KEPT_SECONDS = 3600;
const PLACE_KEPT_SECONDS = 7 * 24 * 3600;

/** Takes it off the list; one that was erased meanwhile stays so. `now` is epoch ms. */
export async function finishTopUp(table: string, due: DueTopUp, now: number): Promise<void> {
  const finished = (Key: object, seconds: number) => ({
    Update: {
      TableName: table,
      Key: { ...Key },
      UpdateExpression: 'SET doneAt = :at, expiresAt = :expires',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: {
        ':at': new Date(now).toISOString(),
        ':expires': Math.floor(now / 1000) + seconds,
      },
    },
  });
  // Whoever is cut off in between finds it on the list, and begins again.
  await commit({ place: finished(placeKey(due), PLACE_KEPT_SECONDS) });
  await commit({ due: finished(dueTopUpKey(due), KEPT_SECONDS) });
}
