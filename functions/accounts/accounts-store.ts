/** Accounts in the core table. */
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { grant } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { accountKey, dayKey, personKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Account, Person } from './account.ts';
import { LISTED } from './listing.ts';

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
  throw new Refusal('account_not_active', 'this person has no account yet: register one with POST /v1/account');
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
  const opening = grant('opening', account.available);
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: tables.core,
            Item: {
              ...{ ...accountKey(account.accountId), ...account, listed: LISTED },
              highWaterMark: account.available,
              highWaterEntry: opening.id,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        entryWrite(tables.ledger, account.accountId, opening, Date.parse(account.createdAt)),
        auditWrite(tables.audit, event),
        ...(owner ? [personWrite(tables.core, owner)] : []),
      ],
    }),
  );
}

/** The write of a new person; it is refused where the person acts for an account already. */
export function personWrite(table: string, person: Person): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...personKey(person.personId), ...person },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
