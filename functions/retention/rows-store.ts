/** What tables hold of an account, kind by kind and page by page, for its owner. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../data/table.ts';
import type { Section } from './sections.ts';

export interface RowPage {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The key after which the next page begins; absent after the last. */
  readonly next?: Readonly<Record<string, unknown>>;
}

export async function pageOfRows(
  table: string,
  section: Section,
  owner: { readonly accountId: string; readonly personId: string },
  start: Readonly<Record<string, unknown>> | undefined,
): Promise<RowPage> {
  const { kind, limit } = section;
  if (kind.found.by === 'key') {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: kind.found.key(owner), ConsistentRead: true }),
    );
    return { rows: Item ? [Item] : [] };
  }
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      ...(kind.found.by === 'account index'
        ? {
            IndexName: 'keysByAccount',
            KeyConditionExpression: 'accountId = :account',
            ExpressionAttributeValues: { ':account': owner.accountId },
          }
        : {
            KeyConditionExpression: `pk = :pk${kind.sk === '' ? '' : ' AND begins_with(sk, :prefix)'}`,
            ExpressionAttributeValues: {
              ':pk': kind.found.partition(owner.accountId),
              ...(kind.sk !== '' && { ':prefix': kind.sk }),
            },
            ConsistentRead: true,
          }),
      Limit: limit,
      ...(start && { ExclusiveStartKey: start }),
    }),
  );
  return { rows: Items, ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
}
