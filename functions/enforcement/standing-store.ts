/**
 * What standings are made of, in the core table under the account: the state (`STANDING`), violations (`VIOLATION#…`) with
 * the reports that they came of (`REPORTED#…`), measures (`MEASURE#…`) and appeals (`APPEAL#…`). A change of the state is
 * one transaction with the account's own item, which has what follows from it: both are refused where either was changed
 * since it was read.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../accounts/account.ts';
import { accountWrite } from '../accounts/account-changes-store.ts';
import { accountKey, keyDigest, standingKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { fieldsOf, NEW_STATE, type StandingState } from './ladder.ts';
import type { Violation } from './violation.ts';

export async function findState(table: string, accountId: string): Promise<StandingState> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: standingKey(accountId), ConsistentRead: true }),
  );
  if (!Item) return NEW_STATE;
  const { pk: _pk, sk: _sk, ...state } = Item;
  return state as StandingState;
}

/** The new state, and what follows from it on the account's item. */
export function stateWrites(
  table: string,
  { accountId, standingRevision }: Pick<Account, 'accountId' | 'standingRevision'>,
  before: StandingState,
  after: StandingState,
  now: number,
): Record<'state' | 'account', TransactWrite> {
  const { standing, standingRevision: revision, suspendedUntilMs } = fieldsOf(after, now);
  return {
    state: {
      Put: {
        TableName: table,
        Item: { ...standingKey(accountId), ...after },
        ...(before.revision === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :revision',
              ExpressionAttributeValues: { ':revision': before.revision },
            }),
      },
    },
    account: accountWrite(table, accountId, {
      set: { standing, standingRevision: revision, suspendedUntilMs },
      where: { standingRevision },
    }),
  };
}

const violationKey = (accountId: string, violationId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `VIOLATION#${violationId}`,
});
const reportKey = (accountId: string, reportId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `REPORTED#${keyDigest(reportId)}`,
});

/** Longer than the points of any violation last, and than appeals about it go on. */
const KEPT_SECONDS = 3 * 366 * 24 * 3600;

/** A violation, and that it came of this report; the report is refused where it came before, with the violation's id. */
export function violationWrites(
  table: string,
  accountId: string,
  violation: Violation,
): Record<'report' | 'violation', TransactWrite> {
  const { violationId, reportId, recordedAt } = violation;
  const expiresAt = Math.floor(Date.parse(recordedAt) / 1000) + KEPT_SECONDS;
  const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    report: {
      Put: {
        TableName: table,
        Item: { ...reportKey(accountId, reportId), violationId, expiresAt },
        ...isNew,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    violation: {
      Put: { TableName: table, Item: { ...violationKey(accountId, violationId), ...violation, expiresAt }, ...isNew },
    },
  };
}
