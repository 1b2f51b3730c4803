/**
 * Terminations in the core table, one for each account at a time, and their moves: each is one transaction with the account's
 * own change, its audit event and its e-mail. An index gives them by state and by when they are due.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountFields } from '../accounts/account.ts';
import { accountWrite } from '../accounts/account-changes-store.ts';
import { type AccountMail, mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { type AccountStatus, isApplying } from '../catalogue/account-status.ts';
import { type TerminationState, terminationPriors } from '../catalogue/terminations.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit, type NamedWrites } from '../data/transaction.ts';
import type { Move, Termination } from './termination.ts';

export interface TerminationTables {
  readonly core: string;
  readonly audit: string;
}

export const terminationKey = (accountId: string) => ({ pk: `TERMINATION#${accountId}`, sk: 'TERMINATION' });

export async function findTermination(table: string, accountId: string): Promise<Termination | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: terminationKey(accountId), ConsistentRead: true }),
  );
  return Item && terminationOf(Item);
}

function terminationOf({ pk: _pk, sk: _sk, terminationState, ...item }: Record<string, unknown>): Termination {
  return { ...item, state: terminationState } as unknown as Termination;
}

/** Places in the order of the index. */
export interface DuePlace {
  readonly accountId: string;
  readonly dueAt: string;
}

/** Up to `limit` terminations in that state, those that are due first first, after `after`; up to `until` where it is given. */
export async function terminationsIn(
  table: string,
  state: TerminationState,
  { limit, after, until }: { limit: number; after?: DuePlace | undefined; until?: string },
): Promise<{ terminations: Termination[]; next?: DuePlace }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'terminations',
      KeyConditionExpression: `terminationState = :state${until === undefined ? '' : ' AND dueAt <= :until'}`,
      ExpressionAttributeValues: { ':state': state, ...(until !== undefined && { ':until': until }) },
      Limit: limit,
      ...(after && {
        ExclusiveStartKey: { ...terminationKey(after.accountId), terminationState: state, dueAt: after.dueAt },
      }),
    }),
  );
  const terminations = Items.map(terminationOf);
  const last = LastEvaluatedKey && terminations.at(-1);
  return { terminations, ...(last && { next: { accountId: last.accountId, dueAt: last.dueAt } }) };
}

/** A new one, in the place of one that is over or gives way: refused where that has moved since it was read. */
export function beginWrite(table: string, { state, ...termination }: Termination, before?: Termination): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...terminationKey(termination.accountId), ...termination, terminationState: state },
      ...(before
        ? {
            ConditionExpression: 'terminationId = :before AND revision = :revision',
            ExpressionAttributeValues: { ':before': before.terminationId, ':revision': before.revision },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

/** Moves one on, as it was read: refused where it has moved meanwhile, or where its state may not come before. */
export function moveWrite(table: string, before: Termination, { state, ...set }: Move): TransactWrite {
  const isSame = state === before.state;
  const priors = isSame ? [state] : terminationPriors(state);
  if (!priors.includes(before.state)) throw new Error(`a termination that is ${before.state} never is ${state} next`);
  return changeWrite(table, before, { ...set, terminationState: state });
}

/** Changes fields of one that is still as it was read; undefined takes one away. */
export function changeWrite(
  table: string,
  { accountId, terminationId, revision, holdsRevision }: Termination,
  set: Readonly<Record<string, unknown>>,
): TransactWrite {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const [sets, removed]: [string[], string[]] = [[], []];
  for (const [index, [field, to]] of Object.entries(set).entries()) {
    names[`#f${index}`] = field;
    if (to === undefined) removed.push(`#f${index}`);
    else {
      values[`:v${index}`] = to;
      sets.push(`#f${index} = :v${index}`);
    }
  }
  return {
    Update: {
      TableName: table,
      Key: terminationKey(accountId),
      UpdateExpression: `SET ${[...sets, 'revision = :next'].join(', ')}${removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''}`,
      // A hold that was placed or lifted since is looked at first.
      ConditionExpression: 'terminationId = :id AND revision = :revision AND holdsRevision = :holds',
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ExpressionAttributeValues: {
        ...values,
        ':id': terminationId,
        ':revision': revision,
        ':next': revision + 1,
        ':holds': holdsRevision,
      },
    },
  };
}

/** The account as a move changes it: it is of this status, and comes to that one. */
export function statusWrite(
  table: string,
  accountId: string,
  { from, to, at, set = {} }: { from: AccountStatus; to: AccountStatus; at: string; set?: AccountFields },
): TransactWrite {
  const applies = isApplying(to) ? { applicationStatus: to, applicationSince: at } : {};
  const waits = { applicationStatus: undefined, applicationSince: undefined, changeSubmission: undefined, ...applies };
  return accountWrite(table, accountId, {
    // Sessions go on: its people sign in to export.
    set: { status: to, statusSince: at, statusDecision: undefined, ...waits, ...set },
    where: { status: from },
  });
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

/** Commits a move; false where something that it was decided on has changed. */
export async function commitMove(
  { core, audit }: TerminationTables,
  writes: NamedWrites,
  { accountId, event, mail }: { accountId: string; event?: AuditEvent; mail?: AccountMail | undefined },
): Promise<boolean> {
  const refused = await commit({
    ...writes,
    ...(event && { event: auditWrite(audit, event) }),
    ...(mail && { mail: mailWrite(core, accountId, mail) }),
  });
  return refused === undefined;
}
