/** Acceptances of the terms in the core table. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { acceptanceKey, accountKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { Account } from './account.ts';
import { type ChangeContext, changeAccount } from './account-changes-store.ts';
import type { Acceptance } from './terms.ts';

/** Records the acceptance; a version that was accepted before stays as it was recorded, and the newest one stays the account's. */
export async function putAcceptance(context: ChangeContext, account: Account, acceptance: Acceptance): Promise<void> {
  const { version, how } = acceptance;
  const { accountId, termsVersion = version } = account;
  // Versions are dates, so they sort.
  const newest = [termsVersion, version].toSorted().at(-1);
  const change = { set: { termsVersion: newest }, where: { termsVersion: account.termsVersion } };
  const details = { action: 'terms.accepted', subject: version, detail: { how } } as const;
  await changeAccount(context, accountId, change, details, {
    acceptance: {
      Put: {
        TableName: context.tables.core,
        Item: { ...acceptanceKey(accountId, version), ...acceptance },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  });
}

/** All acceptances for an account, newest version first: there are no more than versions of the terms. */
export async function acceptancesOf(table: string, accountId: string): Promise<Acceptance[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND begins_with(sk, :terms)',
      ExpressionAttributeValues: { ':account': accountKey(accountId).pk, ':terms': 'TERMS#' },
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return Items as Acceptance[];
}
