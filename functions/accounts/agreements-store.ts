/** Acceptances of the terms in the core table. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../platform/table.ts';
import { acceptanceKey, accountKey } from './account.ts';
import { type ChangeTools, changeAccount } from './change-store.ts';
import type { Acceptance } from './terms.ts';

/** Records the acceptance; a version that was accepted before stays as it was recorded. */
export async function putAcceptance(tools: ChangeTools, accountId: string, acceptance: Acceptance): Promise<void> {
  const { version, how } = acceptance;
  const told = { action: 'terms.accepted', subject: version, detail: { how } } as const;
  await changeAccount(tools, accountId, { set: { termsVersion: version }, where: {} }, told, {
    acceptance: {
      Put: {
        TableName: tools.tables.core,
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
