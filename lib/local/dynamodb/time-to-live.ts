/**
 * Every minute of the cloud's clock: items whose time to live is over go, as DynamoDB itself would delete them, and so
 * does what streams and client tokens keep for a while. Until then such an item is still read, as on AWS.
 */
import { atomically } from '../database.ts';
import type { Stores } from './operations/operation.ts';
import { forgetOldTokens } from './operations/transactions.ts';
import { changeItem } from './storage/change-item.ts';
import type { Table } from './storage/table-definition.ts';

const INTERVAL_MS = 60_000;
/** Items of one transaction: few enough that other calls wait only a moment. */
const AT_ONCE = 200;
/** DynamoDB takes a time more than five years past for a mistake and keeps the item. */
const LONGEST_PAST_S = 5 * 365 * 24 * 60 * 60;

/** Sweeps now and then every minute; the answer stops it. */
export function startSweeping(stores: Stores): () => void {
  let cancel = (): void => {};
  const again = (): void => {
    try {
      sweep(stores);
    } catch (error) {
      stores.context.log('dynamodb.sweep.failed', { error: String(error) });
    }
    cancel = stores.context.clock.after(INTERVAL_MS, again);
  };
  again();
  return () => cancel();
}

function sweep(stores: Stores): void {
  for (const table of stores.catalog.all()) {
    while (table.timeToLive !== undefined && deleteExpired(stores, table) === AT_ONCE);
  }
  stores.streams.trim();
  forgetOldTokens(stores);
}

function deleteExpired({ items, streams, sql, context }: Stores, table: Table): number {
  const now = Math.floor(context.clock.now() / 1000);
  const expired = items.expired(table.id, now - LONGEST_PAST_S, now, AT_ONCE);
  if (expired.length > 0) {
    atomically(sql.database, () => {
      for (const before of expired) changeItem(items, streams, table, { before, after: undefined, byTimeToLive: true });
    });
  }
  return expired.length;
}
