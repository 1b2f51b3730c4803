/** Accounts in the core table: how they are found, listed and made. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import { type AuditDetails, type AuditEvent, auditEvent } from '../audit/event.ts';
import { type AccountStatus, describeStatus } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { openingGrant } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { acceptanceKey, accountKey, dayKey, memberKey, personKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { maskedAddress } from '../runtime/mail-text.ts';
import type { Account, ListPlace, Person } from './account.ts';
import type { ChangeContext } from './account-changes-store.ts';
import { addressWrite, type CountedAddress, sentMeanwhile, verificationWrite } from './email-store.ts';
import type { Registered } from './registration.ts';
import { termWrites } from './search-store.ts';
import { termsOf } from './search-terms.ts';

export async function findAccount(table: string, accountId: string): Promise<Account | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: accountKey(accountId), ConsistentRead: true }),
  );
  return Item as Account | undefined;
}

/** The caller's own account; throws a Refusal for a person who has registered none. */
export async function ownAccount(table: string, accountId: string): Promise<Account> {
  const account = accountId === '' ? undefined : await findAccount(table, accountId);
  if (account) return account;
  throw new Refusal('account_not_active', describeStatus(undefined));
}

/** An account that an operator names; throws a Refusal where there is none, whatever the id looks like. */
export async function knownAccount(table: string, accountId: string): Promise<Account> {
  const account = await findAccount(table, accountId);
  if (account) return account;
  throw new Refusal('not_found', 'there is no such account', 'id');
}

/** The person, and the account that it acts for; consistent reads, so that a removal counts from its commit. */
export async function findPerson(table: string, personId: string): Promise<{ person?: Person; account?: Account }> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }),
  );
  if (!Item) return {};
  const person = Item as Person;
  const account = await findAccount(table, person.accountId);
  return { person, ...(account && { account }) };
}

/** How many videos the account has started on a UTC day, `2026-11-23`. */
export async function videosStarted(table: string, accountId: string, day: string): Promise<number> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: dayKey(accountId, day), ConsistentRead: true }),
  );
  return Number(Item?.generations ?? 0);
}

/** The one partition of the index of all accounts: an account comes to it once, and leaves it never. */
const LISTED = 'ACCOUNTS';

/**
 * Stores a new account together with the grant of what it has to spend, so that its balance is its ledger from the start,
 * and with the person who acts for it, where there is one already.
 */
export async function putAccount(
  tables: { core: string; ledger: string; audit: string },
  account: Account,
  event: AuditEvent,
  owner?: Person,
): Promise<void> {
  const { accountId, available, createdAt } = account;
  const opening = openingGrant(available, Date.parse(createdAt));
  const refused = await commit({
    account: newItem(tables.core, accountKey(accountId), {
      ...account,
      listed: LISTED,
      highWaterMark: available,
      highWaterEntry: opening.id,
    }),
    ...termWrites(tables.core, accountId, termsOf(account)),
    opening: entryWrite(tables.ledger, accountId, opening, Date.parse(createdAt)),
    event: auditWrite(tables.audit, event),
    ...(owner && {
      person: newItem(tables.core, personKey(owner.personId), owner),
      member: newItem(tables.core, memberKey(accountId, owner.personId), { personId: owner.personId }),
    }),
  });
  if (refused) throw new Error(`the account ${accountId} cannot be opened: ${Object.keys(refused).join(', ')} exists`);
}

/** Stores a registration: account, person, acceptance of the terms, code and audit events. Throws a Refusal where the person has an account already, or another code was sent to its address meanwhile. */
export async function putRegistration(
  { tables, actor, now, random }: ChangeContext,
  { account, person, acceptance, verification }: Registered,
  counted: CountedAddress,
): Promise<void> {
  const { accountId, email = '', termsVersion = '' } = account;
  const event = (details: Omit<AuditDetails, 'accountId'>) =>
    auditWrite(tables.audit, auditEvent(actor, { accountId, ...details }, { now, random }));
  const refused = await commit({
    account: newItem(tables.core, accountKey(accountId), { ...account, listed: LISTED }),
    person: newItem(tables.core, personKey(person.personId), person),
    member: newItem(tables.core, memberKey(accountId, person.personId), { personId: person.personId }),
    ...termWrites(tables.core, accountId, termsOf(account)),
    acceptance: newItem(tables.core, acceptanceKey(accountId, termsVersion), acceptance),
    verification: verificationWrite(tables.core, accountId, verification, undefined),
    address: addressWrite(tables.core, counted),
    registered: event({
      action: 'account.registered',
      detail: { kind: account.kind ?? '', country: account.country ?? '' },
    }),
    accepted: event({ action: 'terms.accepted', subject: termsVersion, detail: { how: acceptance.how } }),
    sent: event({ action: 'email.verification_sent', subject: maskedAddress(email) }),
  });
  if (refused?.person !== undefined || refused?.account !== undefined) throw alreadyRegistered();
  if (refused) throw sentMeanwhile();
}

export function alreadyRegistered(): Refusal {
  return new Refusal('wrong_state', 'this person has an account already: read it with GET /v1/account');
}

function newItem(table: string, key: object, item: object): TransactWrite {
  return { Put: { TableName: table, Item: { ...key, ...item }, ConditionExpression: 'attribute_not_exists(pk)' } };
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins, where there is one. */
  readonly next?: ListPlace;
}

interface PageRequest {
  readonly limit: number;
  readonly after?: ListPlace | undefined;
}

export type Application = Pick<Account, 'accountId' | 'name' | 'kind' | 'country'> & {
  readonly applicationSince: string;
};
export type Summary = Pick<Account, 'accountId' | 'name' | 'kind' | 'country' | 'status' | 'plan' | 'createdAt'>;

/** Applications of this status, those that have waited longest first. */
export function applicationsOf(table: string, status: AccountStatus, page: PageRequest): Promise<Page<Application>> {
  return pageOf({ table, index: 'applications', by: ['applicationStatus', status], sort: 'applicationSince' }, page);
}

/** All accounts, newest first; what a page costs does not depend on how many there are. */
export function accountsByAge(table: string, page: PageRequest): Promise<Page<Summary>> {
  return pageOf({ table, index: 'accounts', by: ['listed', LISTED], sort: 'createdAt', isNewestFirst: true }, page);
}

/** When the first of all accounts came, ISO 8601; undefined where there is none. */
export async function firstAccountAt(table: string): Promise<string | undefined> {
  const oldest = { table, index: 'accounts', by: ['listed', LISTED], sort: 'createdAt' } as const;
  const { rows } = await pageOf<Summary>(oldest, { limit: 1 });
  return rows[0]?.createdAt;
}

interface Index {
  readonly table: string;
  readonly index: string;
  readonly by: readonly [string, string];
  readonly sort: string;
  readonly isNewestFirst?: boolean;
}

async function pageOf<Row extends { accountId: string }>(
  { table, index, by: [partition, value], sort, isNewestFirst = false }: Index,
  { limit, after }: PageRequest,
): Promise<Page<Row>> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#partition = :value',
      ExpressionAttributeNames: { '#partition': partition },
      ExpressionAttributeValues: { ':value': value },
      ScanIndexForward: !isNewestFirst,
      Limit: limit,
      ...(after && { ExclusiveStartKey: { ...accountKey(after.accountId), [partition]: value, [sort]: after.at } }),
    }),
  );
  const last = LastEvaluatedKey && Items.at(-1);
  return {
    rows: Items as Row[],
    ...(last && { next: { accountId: String(last.accountId), at: String(last[sort]) } }),
  };
}
