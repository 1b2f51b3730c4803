/** The account's side of ledger entries: what may be spent moves with them, in their transaction, and never below zero. */
import { accountKey } from '../data/item-keys.ts';
import type { TransactWrite } from '../data/table.ts';
import { availableBy, type Entry } from './ledger.ts';

/**
 * Moves `available` by the entries. A sale or a gift begins a new level, from which it is told how much is used up. Where
 * `seen` is given, it is refused unless `available` is that still.
 */
export function balanceWrite(
  table: string,
  accountId: string,
  entries: readonly Entry[],
  seen?: number,
): TransactWrite & { Update: object } {
  const by = entries.reduce((sum, entry) => sum + availableBy(entry), 0);
  const topUp = entries.findLast(({ kind }) => kind === 'purchase' || kind === 'grant');
  const conditions = [
    'attribute_exists(pk)',
    ...(by < 0 ? ['available >= :least'] : []),
    ...(seen === undefined ? [] : ['available = :seen']),
  ];
  return {
    Update: {
      TableName: table,
      Key: accountKey(accountId),
      UpdateExpression: `SET available = available + :by${topUp ? ', topUpLevel = available + :by, topUpId = :topUp' : ''}`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeValues: {
        ':by': by,
        ...(by < 0 && { ':least': -by }),
        ...(seen !== undefined && { ':seen': seen }),
        ...(topUp && { ':topUp': topUp.id }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
