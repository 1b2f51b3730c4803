/**
 * The one way an item changes. Together, inside the caller's transaction: the item, its entry in the table, its entry
 * in each index that holds it, and the stream's record. So no index and no stream ever differs from the table.
 */
import type { StreamStore } from '../streams/stream-store.ts';
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item, itemSize, LARGEST_ITEM_BYTES } from '../values/value.ts';
import type { ItemStore, StoredItem } from './item-store.ts';
import { checkIndexKeys } from './key-rules.ts';
import { type EntryKey, indexEntryKey, ownEntryKey } from './keys.ts';
import type { Table } from './table-definition.ts';

export interface Change {
  /** What was stored, with the id under which it is. */
  readonly before: StoredItem | undefined;
  readonly after: Item | undefined;
  /** True where no caller but the time deletes the item. */
  readonly byTimeToLive?: boolean;
}

/** Makes the change; refuses an item that is too large or has an index key of the wrong kind. */
export function changeItem(items: ItemStore, streams: StreamStore, table: Table, change: Change): void {
  const { before, after } = change;
  const current = before?.item ?? after;
  if (!current) return;
  if (after) checkIndexKeys(table, after);
  const id = writeItem(items, table, ownEntryKey(table, current), change);
  for (const index of table.indexes) {
    const from = before && indexEntryKey(table, index, before.item);
    const to = after && indexEntryKey(table, index, after);
    if (from && to && sameKey(from, to)) continue;
    if (from) items.removeEntry(index.collection, from);
    if (to) items.addEntry(index.collection, to, id);
  }
  streams.append(table, { before: before?.item, after, byTimeToLive: change.byTimeToLive ?? false });
}

/** When the item's time to live ends, in epoch seconds; undefined where it has none. */
export function expiryOf(attribute: string | undefined, item: Item): number | undefined {
  const value = attribute === undefined ? undefined : attributeOf(item, attribute);
  if (!value || !('N' in value)) return undefined;
  const seconds = Math.floor(Number(value.N));
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

function writeItem(items: ItemStore, table: Table, key: EntryKey, { before, after }: Change): number {
  if (!after) {
    items.removeEntry(table.collection, key);
    if (before) items.delete(before.id);
    return 0;
  }
  const size = itemSize(after);
  if (size > LARGEST_ITEM_BYTES) refuse('Item size has exceeded the maximum allowed size');
  const expires = expiryOf(table.timeToLive, after);
  if (before) {
    items.update(before.id, after, size, expires);
    return before.id;
  }
  const id = items.insert(table.id, after, size, expires);
  items.addEntry(table.collection, key, id);
  return id;
}

function sameKey(a: EntryKey, b: EntryKey): boolean {
  return a.hash.equals(b.hash) && a.position.equals(b.position);
}
