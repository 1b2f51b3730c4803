/** A change of an account's item as a write of a transaction: what is set, and what must stand there for it. Pure. */

import { type AccountStatus, APPLYING, statusesBefore } from '../catalogue/account-status.ts';
import { accountKey } from '../data/item-keys.ts';
import type { TransactWrite } from '../data/table.ts';
import type { Account } from './account.ts';

type Members = Partial<Readonly<Record<keyof Account, unknown>>>;

export interface AccountChange {
  /** Members and their new values; undefined takes a member away. */
  readonly set?: Members;
  /** Numbers that grow by so much. */
  readonly add?: Partial<Readonly<Record<keyof Account, number>>>;
  /** What must stand there: a value, one of a list of values, or nothing where it is undefined. */
  readonly where: Members;
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
  const name = (member: string): string => {
    names[`#${member}`] = member;
    return `#${member}`;
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
      entries.flatMap(([member, to]) => (to === undefined ? [] : `${name(member)} = ${value(to)}`)),
    ),
    ...clauses(
      'REMOVE',
      entries.flatMap(([member, to]) => (to === undefined ? name(member) : [])),
    ),
    ...clauses(
      'ADD',
      Object.entries(add).map(([member, by]) => `${name(member)} ${value(by)}`),
    ),
  ].join(' ');
  const conditions = Object.entries(where).map(([member, wanted]) => {
    if (wanted === undefined) return `attribute_not_exists(${name(member)})`;
    if (Array.isArray(wanted)) return `${name(member)} IN (${wanted.map(value).join(', ')})`;
    return `${name(member)} = ${value(wanted)}`;
  });
  const limits = Object.entries(below).map(
    ([member, most]) => `(attribute_not_exists(${name(member)}) OR ${name(member)} < ${value(most)})`,
  );
  return {
    Update: {
      ...{ TableName: table, Key: accountKey(accountId), UpdateExpression },
      ConditionExpression: ['attribute_exists(pk)', ...conditions, ...limits].join(' AND '),
      ExpressionAttributeNames: names,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** A change of status, from `from` or from any status that it may follow; only while it applies is it in the index of applications. */
export function statusChange(
  to: AccountStatus,
  at: string,
  { from, reason }: { from?: AccountStatus[]; reason?: string } = {},
) {
  const isApplying = (APPLYING as readonly AccountStatus[]).includes(to);
  return {
    set: {
      ...{ status: to, statusSince: at, statusReason: reason },
      applicationStatus: isApplying ? to : undefined,
    },
    where: { status: from ?? statusesBefore(to) },
  } satisfies AccountChange;
}
