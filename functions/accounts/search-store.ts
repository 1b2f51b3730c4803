/**
 * Search terms in the core table, `FIND#<what it is>` and the term: one query finds all that begin so, however many accounts
 * there are. Terms are written by the transaction of what they tell of, and go with their account alone: below the account
 * stands where each of them is.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FoundBy } from '../catalogue/found-by.ts';
import { accountKey } from '../data/item-keys.ts';
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
  const writes = terms.flatMap(({ by, text }) => {
    const key = { pk: `FIND#${by}`, sk: `${text}#${keyId ?? accountId}` };
    // The same term again is the same item. Its members have names of their own: an item with those of a key would be listed as one.
    const Item = { ...key, text, foundAccount: accountId, ...(keyId !== undefined && { foundKey: keyId }) };
    const found = { ...foundKey(accountId, key), find: key };
    return [
      [`term ${by} ${text}`, { Put: { TableName: table, Item } }] as const,
      [`place of ${by} ${text}`, { Put: { TableName: table, Item: found } }] as const,
    ];
  });
  return Object.fromEntries(writes);
}

/** Where the place of a term stands: below its account, so that it goes with it. */
const foundKey = (accountId: string, { pk, sk }: { pk: string; sk: string }) => ({
  pk: accountKey(accountId).pk,
  sk: `${pk}#${sk}`,
});

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
