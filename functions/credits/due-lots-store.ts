/** Which gifts are to be noticed of and ended, in the order of days: one list of all accounts, and each is in it until it is done. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { END_NOTICE_DAYS } from '../catalogue/ledger-kinds.ts';
import { dayPlus } from '../data/day-shard.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Lot } from './lots.ts';

export interface DueLot {
  readonly what: 'notice' | 'end';
  /** The UTC day on which it is to be done. */
  readonly day: string;
  readonly accountId: string;
  readonly lotId: string;
  /** An e-mail about it that is written and may not be sent. */
  readonly mailId?: string;
}

const LIST = 'CREDITS_DUE';
const dueKey = ({ day, accountId, what, lotId }: DueLot) => ({ pk: LIST, sk: `${day}#${accountId}#${what}#${lotId}` });

/** Of a transaction's hundred. */
const AT_ONCE = 100;

/** Puts the lots that end on the list; one that is on it stays as it is. */
export async function expectEnds(table: string, accountId: string, lots: readonly Lot[]): Promise<void> {
  const due = lots.flatMap(({ id: lotId, expiresOn }): DueLot[] =>
    expiresOn === undefined
      ? []
      : [
          { what: 'notice', day: dayPlus(expiresOn, -END_NOTICE_DAYS), accountId, lotId },
          { what: 'end', day: expiresOn, accountId, lotId },
        ],
  );
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const some = due.slice(at, at + AT_ONCE);
    await commit(Object.fromEntries(some.map((each, index) => [`due ${index}`, dueWrite(table, each)])));
  }
}

/** An update, so that one that is on the list keeps what is known of it. */
function dueWrite(table: string, due: DueLot): TransactWrite {
  const { what, day, accountId, lotId } = due;
  return {
    Update: {
      TableName: table,
      Key: dueKey(due),
      UpdateExpression: 'SET what = :what, #day = :day, accountId = :account, lotId = :lot',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':what': what, ':day': day, ':account': accountId, ':lot': lotId },
    },
  };
}

/** What is due on a day or was before it, the oldest first, page by page. */
export async function* dueUntil(table: string, day: string): AsyncGenerator<DueLot[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :list AND sk < :after',
        ExpressionAttributeValues: { ':list': LIST, ':after': dayPlus(day, 1) },
        FilterExpression: 'attribute_not_exists(doneAt)',
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield Items as DueLot[];
    start = LastEvaluatedKey;
  } while (start);
}

/** Notes, in the transaction of what was done, the e-mail about it; refused where one is noted already. */
export function dueMailWrite(table: string, due: DueLot, mailId: string): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: dueKey(due),
      UpdateExpression: 'SET mailId = :mail',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(mailId) AND attribute_not_exists(doneAt)',
      ExpressionAttributeValues: { ':mail': mailId },
    },
  };
}

/** After its e-mail: what is left of the lot is still due. */
export async function forgetMail(table: string, due: DueLot): Promise<void> {
  await commit({ due: { Update: { TableName: table, Key: dueKey(due), UpdateExpression: 'REMOVE mailId' } } });
}

/** Longer than a day is exported again, which puts its lots on the list again. */
const KEPT_SECONDS = 400 * 24 * 3600;

/** Takes it off the list, and keeps that it was done. `now` is epoch ms. */
export async function finishDue(table: string, due: DueLot, now: number): Promise<void> {
  const values = { ':at': new Date(now).toISOString(), ':expires': Math.floor(now / 1000) + KEPT_SECONDS };
  const done = {
    TableName: table,
    Key: dueKey(due),
    UpdateExpression: 'SET doneAt = :at, expiresAt = :expires',
    ExpressionAttributeValues: values,
  };
  await commit({ due: { Update: done } });
}
