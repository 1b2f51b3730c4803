/** Ledger entries as writes of somebody's transaction: an entry is never written alone, and never twice. */
import type { TransactWrite } from '../platform/table.ts';
import type { Entry } from './ledger.ts';

/** The entry's write; it is refused where an entry of this id stands already. `bookedAt` is epoch ms. */
export function entryWrite(table: string, accountId: string, entry: Entry, bookedAt: number): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { pk: accountId, sk: entry.id, ...entry, bookedAt: new Date(bookedAt).toISOString() },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
