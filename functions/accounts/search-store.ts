/**
 * Search terms in the core table, `FIND#<what it is>` and the term: one query finds all that begin so, however many accounts
 * there are. Terms are written by the transaction of what they tell of, and never taken away.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FoundBy } from '../catalogue/found-by.ts';
import { documents } from '../data/table.ts';
import type { NamedWrites } from '../data/transaction.ts';
import type { SearchTerm } from './search-terms.ts';

/** `keyId` of a term that is a key's. */
export function termWrites(
  table: string,
  accountId: string,
  terms: readonly SearchTerm[],
  keyId?: string,
): NamedWrites {
  const writes = terms.map(({ by, text }) => {
    const key = { pk: `FIND#${by}`, sk: `${text}#${keyId ?? accountId}` };
    // The same term again is the same item. Its members have names of their own: an item with those of a key would be listed as one.
    const Item = { ...key, text, foundAccount: accountId, ...(keyId !== undefined && { foundKey: keyId }) };
    return [`term ${by} ${text}`, { Put: { TableName: table, Item } }] as const;
  });
  return Object.fromEntries(writes);
}

export interface FoundTerm {
  readonly text: string;
  readonly accountId: string;
  readonly keyId?: string;
}

/** Up to `limit` terms that begin so, in the order of the alphabet. */
export async function findTerms(table: string, by: FoundBy, text: string, limit: number): Promise<FoundTerm[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :by AND begins_with(sk, :text)',
      ExpressionAttributeValues: { ':by': `FIND#${by}`, ':text': text },
      Limit: limit,
    }),
  );
  return Items.map(({ text: term, foundAccount, foundKey }) => ({
    text: term,
    accountId: foundAccount,
    ...(foundKey !== undefined && { keyId: foundKey }),
  }));
}
