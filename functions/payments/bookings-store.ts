/**
 * Books an entry that a person made: the entry, what the account may spend, the audit event, and what lets this person book
 * it, in one transaction: what it has given alone on this day, or that it is the second person.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Proposal } from '../audit/second-person.ts';
import { GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import type { Entry } from '../credits/ledger.ts';
import { balanceWrite, entryWrite } from '../credits/ledger-store.ts';
import { utcDay } from '../data/day-shard.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Booked, RecordedPayment } from './booking.ts';

export interface BookingTables {
  readonly core: string;
  readonly ledger: string;
  readonly audit: string;
}

export interface Booking {
  readonly accountId: string;
  readonly entry: Entry;
  readonly event: AuditEvent;
  readonly payment?: RecordedPayment | undefined;
  /** What lets it be booked. */
  readonly leave?: TransactWrite | undefined;
}

/** Returns what exists already under the entry's id or the payment's reference: a repeated call books nothing. */
export async function bookEntry(
  tables: BookingTables,
  { accountId, entry, event, payment, leave }: Booking,
  now: number,
): Promise<Booked> {
  const refused = await commit({
    ...(payment && { payment: paymentWrite(tables.core, payment) }),
    entry: entryWrite(tables.ledger, accountId, entry, now),
    account: balanceWrite(tables.core, accountId, [entry]),
    event: auditWrite(tables.audit, event),
    ...(leave && { leave }),
  });
  if (!refused) return { kind: 'booked' };
  const existing = refused.entry ?? refused.payment;
  if (existing) return { kind: 'exists', item: existing, reversed: isReversed(refused.payment, accountId) };
  const { account } = refused;
  if (account === undefined && 'leave' in refused) return { kind: 'no_leave' };
  if (account === undefined) throw new Error(`the audit event of the entry ${entry.id} exists already`);
  return account ? { kind: 'insufficient', available: Number(account.available) } : { kind: 'no_account' };
}

const paymentKey = (reference: string) => ({ pk: `PAYMENT#${reference}`, sk: 'PAYMENT' });

/** A payment that was reversed leaves its reference to another account: it was booked to the wrong one. */
function paymentWrite(table: string, payment: RecordedPayment): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...paymentKey(payment.reference), ...payment },
      ConditionExpression: 'attribute_not_exists(pk) OR (attribute_exists(reversedAt) AND accountId <> :account)',
      ExpressionAttributeValues: { ':account': payment.accountId },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** Whether the payment that stands under its reference now says that this account's was reversed. */
function isReversed(payment: Readonly<Record<string, unknown>> | null | undefined, accountId: string): boolean {
  return Boolean(payment) && (payment?.reversedAt !== undefined || payment?.accountId !== accountId);
}

/** Marks an account's payment as reversed; refused where it is not this account's, or was reversed before. */
export function reversedWrite(table: string, reference: string, accountId: string, now: number): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: paymentKey(reference),
      UpdateExpression: 'SET reversedAt = :at',
      ConditionExpression: 'accountId = :account AND attribute_not_exists(reversedAt)',
      ExpressionAttributeValues: { ':at': new Date(now).toISOString(), ':account': accountId },
    },
  };
}

/** What a person gives away alone, counted by the UTC day; refused where it comes to more than one person may. */
export function aloneWrite(table: string, personId: string, credits: number, now: number): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: { pk: `BOOKER#${personId}`, sk: `DAY#${utcDay(now)}` },
      UpdateExpression: 'SET expiresAt = :expires ADD given :credits',
      ConditionExpression: 'attribute_not_exists(given) OR given <= :room',
      ExpressionAttributeValues: {
        ':credits': credits,
        ':room': GIVEN_ALONE - credits,
        ':expires': Math.floor(now / 1000) + COUNTED_SECONDS,
      },
    },
  };
}

/** Longer than the day that is counted. */
const COUNTED_SECONDS = 2 * 24 * 3600;

const proposalKey = (accountId: string, entryId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `BOOKING#${entryId}`,
});

export async function findProposal(table: string, accountId: string, entryId: string): Promise<Proposal | undefined> {
  const Key = proposalKey(accountId, entryId);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Proposal | undefined;
}

/** Stores a proposal, with its audit event; refused where there is no such account, or one was proposed at this moment. */
export async function putProposal(
  tables: BookingTables,
  { accountId, entry, event }: Booking,
  proposal: Proposal,
  now: number,
): Promise<'proposed' | 'no_account' | 'changed'> {
  const refused = await commit({
    account: {
      ConditionCheck: {
        TableName: tables.core,
        Key: accountKey(accountId),
        ConditionExpression: 'attribute_exists(pk)',
      },
    },
    proposal: {
      Put: {
        TableName: tables.core,
        Item: {
          ...proposalKey(accountId, entry.id),
          ...proposal,
          expiresAt: Math.floor(proposal.expiresAtMs / 1000),
        },
        ConditionExpression: 'attribute_not_exists(pk) OR (attribute_not_exists(secondBy) AND expiresAtMs <= :now)',
        ExpressionAttributeValues: { ':now': now },
      },
    },
    event: auditWrite(tables.audit, event),
  });
  if (!refused) return 'proposed';
  return 'account' in refused ? 'no_account' : 'changed';
}

/** Ends a proposal by another person than the first; it is then kept, as its entry is. */
export function secondWrite(
  table: string,
  accountId: string,
  entryId: string,
  { terms, firstBy: personId }: Proposal,
  now: number,
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: proposalKey(accountId, entryId),
      UpdateExpression: 'SET secondBy = :person REMOVE expiresAt',
      ConditionExpression:
        'firstBy <> :person AND terms = :terms AND expiresAtMs > :now AND attribute_not_exists(secondBy)',
      ExpressionAttributeValues: { ':person': personId, ':terms': terms, ':now': now },
    },
  };
}
