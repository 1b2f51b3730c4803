/**
 * The engine's SQLite tables. An item is stored once; its own key and each index that holds it have an entry that
 * points to it. A table's own entries and each index's are a *collection*: queries and scans read all collections alike.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

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
