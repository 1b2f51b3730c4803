/** Which tables there are. A definition changes only through `save`, which also brings the entries of its indexes in step. */
import { atomically } from '../../database.ts';
import { AwsError, type CloudContext } from '../../service.ts';
import { expiryOf } from './change-item.ts';
import type { ItemStore, Statements } from './item-store.ts';
import { indexEntryKey } from './keys.ts';
import { sameKeys, type Table, type TableDefinition } from './table-definition.ts';

const BEFORE_ALL = { hash: Buffer.alloc(0), position: Buffer.alloc(0) };

export class TableCatalog {
  readonly #sql: Statements;
  readonly #items: ItemStore;
  readonly #context: CloudContext;
  readonly #tables = new Map<string, Table>();

  constructor(sql: Statements, items: ItemStore, context: CloudContext) {
    this.#sql = sql;
    this.#items = items;
    this.#context = context;
    for (const { name } of sql.get('SELECT name FROM dynamodb_tables').all()) this.#load(String(name));
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** The table of that name; ResourceNotFoundException where there is none. */
  named(name: string): Table {
    const table = this.find(name);
    if (!table) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** All tables, by name. */
  all(): readonly Table[] {
    return [...this.#tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  arnOf(name: string): string {
    return `arn:aws:dynamodb:${this.#context.region}:${this.#context.accountId}:table/${name}`;
  }

  /**
   * Creates the table, or brings it up to the definition without touching its items: indexes come with their entries
   * and go, and a changed time to live holds for every item. Refuses another key schema.
   */
  save(definition: TableDefinition): Table {
    const before = this.find(definition.name);
    if (before && !sameKeys(before.keys, definition.keys)) {
      throw new Error(
        `the key schema of table ${definition.name} has changed, which its stored items cannot follow; ` +
          'give the table another logical id, or start with an empty data directory',
      );
    }
    atomically(this.#sql.database, () => {
      this.#write(definition);
      const kept = (before?.indexes ?? []).filter(index =>
        definition.indexes.some(({ name, keys }) => name === index.name && sameKeys(keys, index.keys)),
      );
      for (const index of before?.indexes ?? []) if (!kept.includes(index)) this.#dropCollection(index.collection);
      const after = this.#withCollections(definition.name);
      const fresh = after.indexes.filter(({ name }) => !kept.some(index => index.name === name));
      if (before && (fresh.length > 0 || before.timeToLive !== after.timeToLive)) this.#backfill(after, fresh);
    });
    this.#load(definition.name);
    return this.named(definition.name);
  }

  /** Deletes the table with everything in it. */
  drop(table: Table): void {
    atomically(this.#sql.database, () => {
      this.#items.deleteItemsOf(table.collection);
      for (const { collection } of [table, ...table.indexes]) this.#dropCollection(collection);
      this.#sql.get('DELETE FROM dynamodb_stream_records WHERE table_id = ?').run(table.id);
      this.#sql.get('DELETE FROM dynamodb_tables WHERE id = ?').run(table.id);
    });
    this.#tables.delete(table.name);
  }

  #write(definition: TableDefinition): void {
    this.#sql
      .get(
        `INSERT INTO dynamodb_tables (name, definition, created_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition`,
      )
      .run(definition.name, JSON.stringify(definition), this.#context.clock.now());
  }

  #withCollections(name: string): Table {
    const { id, indexes } = this.#read(name);
    for (const collection of ['', ...indexes.map(index => index.name)]) {
      this.#sql
        .get('INSERT OR IGNORE INTO dynamodb_collections (table_id, index_name) VALUES (?, ?)')
        .run(id, collection);
    }
    return this.#read(name);
  }

  #load(name: string): void {
    this.#tables.set(name, this.#read(name));
  }

  #read(name: string): Table {
    const row = this.#sql.get('SELECT * FROM dynamodb_tables WHERE name = ?').get(name);
    const definition = JSON.parse(String(row?.definition)) as TableDefinition;
    const collections = new Map(
      this.#sql
        .get('SELECT id, index_name FROM dynamodb_collections WHERE table_id = ?')
        .all(Number(row?.id))
        .map(collection => [String(collection.index_name), Number(collection.id)]),
    );
    return {
      ...definition,
      id: Number(row?.id),
      collection: collections.get('') ?? 0,
      indexes: definition.indexes.map(index => ({ ...index, collection: collections.get(index.name) ?? 0 })),
      arn: this.arnOf(name),
      createdAt: Number(row?.created_at),
    };
  }

  #backfill(table: Table, indexes: Table['indexes']): void {
    for (const { id, item } of this.#items.inOrder(table.collection, BEFORE_ALL)) {
      this.#items.setExpiry(id, expiryOf(table.timeToLive, item));
      for (const index of indexes) {
        const key = indexEntryKey(table, index, item);
        if (key) this.#items.addEntry(index.collection, key, id);
      }
    }
  }

  #dropCollection(collection: number): void {
    this.#items.clear(collection);
    this.#sql.get('DELETE FROM dynamodb_collections WHERE id = ?').run(collection);
  }
}
