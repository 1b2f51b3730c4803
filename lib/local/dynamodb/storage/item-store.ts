import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Item } from '../values/value.ts';
import { BEYOND_ALL, type Bounds, type EntryKey } from './keys.ts';

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

// The engine's SQLite tables. An item is stored once; its own key and each index that holds it have an entry that
// points to it. A table's own entries and each index's are a *collection*: queries and scans read all collections alike.

const SCHEMA = `
CREATE TABLE IF NOT EXISTS dynamodb_tables (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS dynamodb_collections (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, index_name TEXT NOT NULL, UNIQUE (table_id, index_name)) STRICT;
CREATE TABLE IF NOT EXISTS dynamodb_items (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, item TEXT NOT NULL, size INTEGER NOT NULL, expires INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_expiry ON dynamodb_items (table_id, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS dynamodb_entries (
  collection INTEGER NOT NULL, hash BLOB NOT NULL, position BLOB NOT NULL, item INTEGER NOT NULL,
  PRIMARY KEY (collection, hash, position)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dynamodb_stream_records (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_stream ON dynamodb_stream_records (table_id, sequence);
CREATE INDEX IF NOT EXISTS dynamodb_stream_age ON dynamodb_stream_records (at);
CREATE TABLE IF NOT EXISTS dynamodb_tokens (
  token TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_token_age ON dynamodb_tokens (at);
`;

/** Prepares each statement once. */
export class Statements {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
    database.exec(SCHEMA);
  }

  get(sql: string): StatementSync {
    const found = this.#prepared.get(sql);
    if (found) return found;
    const statement = this.database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
