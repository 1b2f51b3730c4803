/** What the catalog knows of databases and tables. Their names are in lower case, as Glue keeps them. */
import type { Projection } from './projection.ts';

export interface Column {
  readonly name: string;
  /** In Hive's words, such as `bigint` or `decimal(10,2)`. */
  readonly type: string;
}

/** How the objects of a table are written. */
export type Format =
  | { readonly kind: 'parquet' }
  | {
      readonly kind: 'csv';
      readonly separator: string;
      readonly quote: string;
      readonly escape: string;
      /** Lines at the beginning of each object that are no rows. */
      readonly headerLines: number;
    };

export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  readonly bucket: string;
  /** Of the keys of all its objects; ends with `/` unless it is empty. */
  readonly prefix: string;
  readonly format: Format;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  /** Undefined where partitions are Hive directories. */
  readonly projection: Projection | undefined;
}

export class Catalog {
  readonly #databases = new Map<string, Map<string, CatalogTable>>();

  addDatabase(name: string): void {
    if (!this.#databases.has(name)) this.#databases.set(name, new Map());
  }

  hasDatabase(name: string): boolean {
    return this.#databases.has(name);
  }

  /** With all its tables. */
  removeDatabase(name: string): void {
    this.#databases.delete(name);
  }

  removeTable(database: string, name: string): void {
    this.#databases.get(database)?.delete(name);
  }

  databases(): readonly string[] {
    return [...this.#databases.keys()];
  }

  /** As `database.table`. */
  tables(): readonly string[] {
    return [...this.#databases].flatMap(([database, tables]) => [...tables.keys()].map(name => `${database}.${name}`));
  }

  /** Into a database that is there. */
  putTable(table: CatalogTable): void {
    this.#databases.get(table.database)?.set(table.name, table);
  }

  table(database: string, name: string): CatalogTable | undefined {
    return this.#databases.get(database)?.get(name);
  }
}
