/** Accounts in the core table. */
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { grant } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { documents } from '../platform/table.ts';
import { type Account, accountKey, dayKey } from './account.ts';

export async function findAccount(table: string, accountId: string): Promise<Account | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: accountKey(accountId), ConsistentRead: true }),
  );
  return Item as Account | undefined;
}

/** How many videos the account has started on a UTC day, `2026-11-23`. */
export async function videosStarted(table: string, accountId: string, day: string): Promise<number> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: dayKey(accountId, day), ConsistentRead: true }),
  );
  return Number(Item?.generations ?? 0);
}

/** Stores a new account together with the grant of what it has to spend: its balance is its ledger from the start. */
export async function putAccount(tables: { core: string; ledger: string }, account: Account): Promise<void> {
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: tables.core,
            Item: { ...accountKey(account.accountId), ...account },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        entryWrite(
          tables.ledger,
          account.accountId,
          grant('opening', account.available),
          Date.parse(account.createdAt),
        ),
      ],
    }),
  );
}
