/**
 * Changes of an account's item as writes of a transaction: what is set, and what must stand there for it. A change that is
 * no more than that is committed with its audit event by `changeAccount`.
 */
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, type AuditDetails, actorOf, auditEvent } from '../audit/event.ts';
import { statusesThatAllow } from '../catalogue/account-status.ts';
import type { Capability } from '../catalogue/permissions.ts';
import { stepsWithout } from '../catalogue/standing.ts';
import { accountKey } from '../data/item-keys.ts';
import type { TransactWrite } from '../data/table.ts';
import { commit, type NamedWrites } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import type { Account, AccountFields } from './account.ts';
import { termWrites } from './search-store.ts';
import { termsOf } from './search-terms.ts';

export interface AccountChange {
  /** Fields and their new values; undefined takes a field away. */
  readonly set?: AccountFields;
  /** Numbers that grow by so much. */
  readonly add?: Partial<Readonly<Record<keyof Account, number>>>;
  /** What must stand there: a value, one of a list of values, or nothing where it is undefined. */
  readonly where: AccountFields;
  /** Numbers that must be below these; one that is not there is. */
  readonly below?: Partial<Readonly<Record<keyof Account, number>>>;
}

export function accountWrite(
  table: string,
  accountId: string,
  { set = {}, add = {}, where, below = {} }: AccountChange,
): TransactWrite {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (field: string): string => {
    names[`#${field}`] = field;
    return `#${field}`;
  };
  const value = (given: unknown): string => {
    const placed = `:v${Object.keys(values).length}`;
    values[placed] = given;
    return placed;
  };
  const clauses = (verb: string, parts: readonly string[]): string[] =>
    parts.length > 0 ? [`${verb} ${parts.join(', ')}`] : [];
  const entries = Object.entries(set);
  const UpdateExpression = [
    ...clauses(
      'SET',
      entries.flatMap(([field, to]) => (to === undefined ? [] : `${name(field)} = ${value(to)}`)),
    ),
    ...clauses(
      'REMOVE',
      entries.flatMap(([field, to]) => (to === undefined ? name(field) : [])),
    ),
    ...clauses(
      'ADD',
      Object.entries(add).map(([field, by]) => `${name(field)} ${value(by)}`),
    ),
  ].join(' ');
  const conditions = Object.entries(where).map(([field, wanted]) => {
    if (wanted === undefined) return `attribute_not_exists(${name(field)})`;
    if (Array.isArray(wanted)) return `${name(field)} IN (${wanted.map(value).join(', ')})`;
    return `${name(field)} = ${value(wanted)}`;
  });
  const limits = Object.entries(below).map(
    ([field, most]) => `(attribute_not_exists(${name(field)}) OR ${name(field)} < ${value(most)})`,
  );
  return {
    Update: {
      TableName: table,
      Key: accountKey(accountId),
      UpdateExpression,
      ConditionExpression: ['attribute_exists(pk)', ...conditions, ...limits].join(' AND '),
      ExpressionAttributeNames: names,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** That the account's status allows this: the condition and what it names. */
export function statusAllows(capability: Capability) {
  const values = Object.fromEntries(statusesThatAllow(capability).map((status, index) => [`:status${index}`, status]));
  return {
    ConditionExpression: `#status IN (${Object.keys(values).join(', ')})`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: values,
  };
}

/** That the account's status allows this, and its standing leaves it at `now`, epoch ms. */
export function accountAllows(capability: Capability, now: number) {
  const status = statusAllows(capability);
  if (!stepsWithout(capability).includes('suspended')) return status;
  return {
    ...status,
    ConditionExpression: `${status.ConditionExpression} AND (attribute_not_exists(suspendedUntilMs) OR suspendedUntilMs <= :now)`,
    ExpressionAttributeValues: { ...status.ExpressionAttributeValues, ':now': now },
  };
}

/** The same as a write of a transaction, which changes nothing. */
export function accountCheck(table: string, accountId: string, capability: Capability, now: number): TransactWrite {
  return { ConditionCheck: { TableName: table, Key: accountKey(accountId), ...accountAllows(capability, now) } };
}

/** What commands about accounts are given. */
export interface AccountDependencies {
  readonly tables: { readonly core: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** Who changes an account, and when (epoch ms). */
export interface ChangeContext {
  readonly tables: AccountDependencies['tables'];
  readonly actor: Actor;
  readonly now: number;
  readonly random: Random;
}

export function changeBy(caller: Caller, { tables, now, random }: AccountDependencies): ChangeContext {
  return { tables, actor: actorOf(caller), now: now(), random };
}

/** Commits the change, what the account is found by after it, its audit event and `others`; false where a condition of one of them was refused. */
export async function changeAccount(
  { tables, actor, now, random }: ChangeContext,
  accountId: string,
  change: AccountChange,
  details: Omit<AuditDetails, 'accountId'>,
  others: NamedWrites = {},
): Promise<boolean> {
  const refused = await commit({
    account: accountWrite(tables.core, accountId, change),
    ...termWrites(tables.core, accountId, termsOf(change.set ?? {})),
    ...others,
    event: auditWrite(tables.audit, auditEvent(actor, { accountId, ...details }, { now, random })),
  });
  return refused === undefined;
}
