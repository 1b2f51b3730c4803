/** Sixty items in three partitions and, most of them, in two groups of the indexes; and how their pages are read. */
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Dynamo, wire } from './dynamodb-engine.ts';

export const ITEMS = Array.from({ length: 60 }, (_, i) => ({
  pk: `p${i % 3}`,
  sk: i,
  color: i % 2 === 0 ? 'red' : 'blue',
  secret: 'x',
  ...(i % 5 !== 0 && { group: `g${i % 2}`, rank: i % 4 }),
}));

/** Writes any number of items. */
export async function write(dynamo: Dynamo, table: string, items: readonly Record<string, unknown>[]): Promise<void> {
  for (let i = 0; i < items.length; i += 25) {
    const requests = items.slice(i, i + 25).map(Item => ({ PutRequest: { Item } }));
    await dynamo.document.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
}

export type Values = Record<string, unknown>;

export const queryOf = (dynamo: Dynamo, TableName: string) => (values: Values, more: Partial<QueryCommandInput>) =>
  dynamo.client.send(new QueryCommand({ TableName, ExpressionAttributeValues: wire(values), ...more }));

/** The sort keys of a page. */
export function sks({ Items = [] }: { Items?: Record<string, unknown>[] | undefined }): number[] {
  return Items.map(({ sk }) => Number((sk as { N: string }).N));
}

/** Reads all pages; `read` is given the start of each. */
export async function allPages<T extends { LastEvaluatedKey?: QueryCommandInput['ExclusiveStartKey'] }>(
  read: (start: Pick<QueryCommandInput, 'ExclusiveStartKey'>) => Promise<T>,
): Promise<T[]> {
  const pages = [await read({})];
  for (let last = pages[0]?.LastEvaluatedKey; last; last = pages.at(-1)?.LastEvaluatedKey) {
    pages.push(await read({ ExclusiveStartKey: last }));
  }
  return pages;
}
