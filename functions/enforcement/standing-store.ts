/**
 * What standings are made of, in the core table under the account: the state (`STANDING`), violations (`VIOLATION#…`) with
 * the reports that they came of (`REPORTED#…`), measures (`MEASURE#…`) and appeals (`APPEAL#…`). A change of the state is
 * one transaction with the account's own item, which has what follows from it: both are refused where either was changed
 * since it was read.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../accounts/account.ts';
import { accountWrite } from '../accounts/account-changes-store.ts';
import { accountKey, keyDigest, standingKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { fieldsOf, NEW_STATE, type StandingState } from './ladder.ts';
import type { Finding, MeasureRecord } from './measure.ts';
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

const KINDS = { viol: 'VIOLATION', meas: 'MEASURE' } as const;
/** Of a violation or a measure: its id says which. */
const findingKey = (accountId: string, id: string) => ({
  pk: accountKey(accountId).pk,
  sk: `${KINDS[id.slice(0, 4) as keyof typeof KINDS]}#${id}`,
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
  const { id, reportId, recordedAt } = violation;
  const expiresAt = Math.floor(Date.parse(recordedAt) / 1000) + KEPT_SECONDS;
  const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    report: {
      Put: {
        TableName: table,
        Item: { ...reportKey(accountId, reportId), violationId: id, expiresAt },
        ...isNew,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    violation: {
      Put: { TableName: table, Item: { ...findingKey(accountId, id), ...violation, expiresAt }, ...isNew },
    },
  };
}

export function measureWrite(table: string, accountId: string, measure: MeasureRecord): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...findingKey(accountId, measure.id), ...measure },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** A violation or a measure of the account; undefined where it has none of this id, whatever it looks like. */
export async function findFinding(table: string, accountId: string, id: string): Promise<Finding | undefined> {
  if (!/^(?:viol|meas)_[0-9A-Za-z]{1,60}$/.test(id)) return undefined;
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: findingKey(accountId, id), ConsistentRead: true }),
  );
  return Item && findingOf(Item);
}

function findingOf({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ...found }: Record<string, unknown>): Finding {
  return found as unknown as Finding;
}

/** The newest of them: what a person can look through. */
export const MOST_SHOWN = 50;

/** The newest violations and measures, those of each kind together. */
export async function findingsOf(table: string, accountId: string): Promise<Finding[]> {
  const found = await Promise.all(
    Object.values(KINDS).map(kind =>
      documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :kind)',
          ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':kind': `${kind}#` },
          ScanIndexForward: false,
          Limit: MOST_SHOWN,
          ConsistentRead: true,
        }),
      ),
    ),
  );
  return found.flatMap(({ Items = [] }) => Items.map(findingOf));
}

interface Decided {
  /** Epoch ms. */
  readonly at: number;
  readonly reason: string;
}

/** Refused where it is lifted already. */
export function liftWrite(table: string, accountId: string, id: string, { at, reason }: Decided): TransactWrite {
  return findingWrite(table, accountId, id, {
    set: '#state = :lifted, liftedAt = :at, liftReason = :reason',
    where: '#state = :force',
    values: { ':lifted': 'lifted', ':force': 'in_force', ':at': new Date(at).toISOString(), ':reason': reason },
  });
}

/** Refused where it is rectified or lifted already. */
export function rectifiedWrite(table: string, accountId: string, id: string, { at, reason }: Decided): TransactWrite {
  return findingWrite(table, accountId, id, {
    set: 'rectifiedAt = :at, rectifyReason = :reason',
    where: '#state = :force AND attribute_not_exists(rectifiedAt)',
    values: { ':force': 'in_force', ':at': new Date(at).toISOString(), ':reason': reason },
  });
}

/** That a measure follows from it, once. */
export function followedWrite(table: string, accountId: string, id: string, measureId: string): TransactWrite {
  return findingWrite(table, accountId, id, {
    set: 'followedBy = :measure',
    where: '#state = :force AND attribute_not_exists(rectifiedAt) AND attribute_not_exists(followedBy)',
    values: { ':force': 'in_force', ':measure': measureId },
  });
}

function findingWrite(
  table: string,
  accountId: string,
  id: string,
  { set, where, values }: { set: string; where: string; values: Record<string, unknown> },
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: findingKey(accountId, id),
      UpdateExpression: `SET ${set}`,
      ConditionExpression: where,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: values,
    },
  };
}
