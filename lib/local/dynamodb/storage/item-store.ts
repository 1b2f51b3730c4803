import type { Item } from '../values/value.ts';
import type { EntryKey } from './keys.ts';
import type { Bounds } from './position.ts';
import { BEYOND_ALL } from './position.ts';
import type { Statements } from './schema.ts';

export interface StoredItem {
  readonly id: number;
  readonly item: Item;
  /** Bytes, as DynamoDB counts them. */
  readonly size: number;
}

const READ = `SELECT i.id, i.item, i.size FROM dynamodb_entries e JOIN dynamodb_items i ON i.id = e.item
  WHERE e.collection = ?`;
const IN_PARTITION = `${READ} AND e.hash = ? AND e.position >= ? AND e.position < ? ORDER BY e.position`;

/** Items and entries in SQLite. Writing is for `changeItem` alone, which keeps the two in step. */
export class ItemStore {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  get(collection: number, key: EntryKey): StoredItem | undefined {
    const row = this.#sql.get(`${READ} AND e.hash = ? AND e.position = ?`).get(collection, key.hash, key.position);
    return row && stored(row);
  }

  /** The items of one partition within the bounds, in order, read as they are asked for. */
  *inPartition(collection: number, hash: Buffer, { low, high }: Bounds, forward: boolean): Generator<StoredItem> {
    const statement = this.#sql.get(forward ? IN_PARTITION : `${IN_PARTITION} DESC`);
    for (const row of statement.iterate(collection, hash, low, high)) yield stored(row);
  }

  /** The items of every partition after `after` and before the partition `end`, read as they are asked for. */
  *inOrder(collection: number, after: EntryKey, end: Buffer = BEYOND_ALL): Generator<StoredItem> {
    const statement = this.#sql.get(
      `${READ} AND (e.hash, e.position) > (?, ?) AND e.hash < ? ORDER BY e.hash, e.position`,
    );
    for (const row of statement.iterate(collection, after.hash, after.position, end)) yield stored(row);
  }

  insert(tableId: number, item: Item, size: number, expires: number | undefined): number {
    const { lastInsertRowid } = this.#sql
      .get('INSERT INTO dynamodb_items (table_id, item, size, expires) VALUES (?, ?, ?, ?)')
      .run(tableId, JSON.stringify(item), size, expires ?? null);
    return Number(lastInsertRowid);
  }

  update(id: number, item: Item, size: number, expires: number | undefined): void {
    this.#sql
      .get('UPDATE dynamodb_items SET item = ?, size = ?, expires = ? WHERE id = ?')
      .run(JSON.stringify(item), size, expires ?? null, id);
  }

  delete(id: number): void {
    this.#sql.get('DELETE FROM dynamodb_items WHERE id = ?').run(id);
  }

  addEntry(collection: number, key: EntryKey, id: number): void {
    this.#sql.get('INSERT INTO dynamodb_entries VALUES (?, ?, ?, ?)').run(collection, key.hash, key.position, id);
  }

  removeEntry(collection: number, key: EntryKey): void {
    this.#sql
      .get('DELETE FROM dynamodb_entries WHERE collection = ? AND hash = ? AND position = ?')
      .run(collection, key.hash, key.position);
  }

  /** Sets when the item expires, in epoch seconds. */
  setExpiry(id: number, expires: number | undefined): void {
    this.#sql.get('UPDATE dynamodb_items SET expires = ? WHERE id = ?').run(expires ?? null, id);
  }

  /** The items whose time came after `since` and not after `until`, in epoch seconds; the oldest first. */
  expired(tableId: number, since: number, until: number, limit: number): readonly StoredItem[] {
    return this.#sql
      .get(
        `SELECT id, item, size FROM dynamodb_items
         WHERE table_id = ? AND expires > ? AND expires <= ? ORDER BY expires LIMIT ?`,
      )
      .all(tableId, since, until, limit)
      .map(stored);
  }

  /** How many items the collection holds, and their bytes. */
  totals(collection: number): { count: number; bytes: number } {
    const row = this.#sql
      .get(
        `SELECT COUNT(*) AS count, COALESCE(SUM(i.size), 0) AS bytes
         FROM dynamodb_entries e JOIN dynamodb_items i ON i.id = e.item WHERE e.collection = ?`,
      )
      .get(collection);
    return { count: Number(row?.count), bytes: Number(row?.bytes) };
  }

  /** Deletes the collection's entries, but not the items. */
  clear(collection: number): void {
    this.#sql.get('DELETE FROM dynamodb_entries WHERE collection = ?').run(collection);
  }

  /** Deletes every item that the collection holds, but not the entries. */
  deleteItemsOf(collection: number): void {
    this.#sql
      .get('DELETE FROM dynamodb_items WHERE id IN (SELECT item FROM dynamodb_entries WHERE collection = ?)')
      .run(collection);
  }
}

function stored(row: Record<string, unknown>): StoredItem {
  return { id: Number(row.id), item: JSON.parse(String(row.item)) as Item, size: Number(row.size) };
}
