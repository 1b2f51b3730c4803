/**
 * A DuckDB of one query: in memory, with a bounded share of the machine, and with no way out. It reads files of its own
 * folder and no others, writes there alone, loads no extension, and its settings cannot be changed again.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBResult } from '@duckdb/node-api';
import { DATE_TRUNC_MACRO } from './sql.ts';

/** Beyond this a query goes on in files, and beyond those it fails. Two run at once. */
const LIMITS = { memory_limit: '384MB', max_temp_directory_size: '4GB', threads: '2' };
/** Athena's one catalog. */
export const CATALOG = 'awsdatacatalog';

export interface DuckDb {
  run(sql: string): Promise<void>;
  rows(sql: string, values?: string[]): Promise<readonly unknown[][]>;
  /** The result as it is computed: it is never whole in memory. */
  stream(sql: string): Promise<DuckDBResult>;
  interrupt(): void;
  close(): void;
}

/**
 * Opens a DuckDB that sees `folder`, an absolute path, and looks names up in the schema `database`. The first one of a
 * process loads the library.
 */
export async function openDuckDb(folder: string, database: string): Promise<DuckDb> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const spill = join(folder, 'spill');
  mkdirSync(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { ...LIMITS, temp_directory: spill });
  const connection = await instance.connect();
  const run = async (sql: string): Promise<void> => {
    await connection.run(sql);
  };
  await run(`ATTACH ':memory:' AS ${CATALOG}`);
  await run(`CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${quoteName(database)}`);
  await run(`USE ${CATALOG}.${quoteName(database)}`);
  await run(DATE_TRUNC_MACRO);
  for (const setting of SETTINGS) await run(`SET ${setting}`);
  await run(`SET allowed_directories = [${quote(`${folder}/`)}]`);
  await run('SET enable_external_access = false');
  await run('SET lock_configuration = true');
  return {
    run,
    rows: async (sql, values) => (await connection.runAndReadAll(sql, values)).getRows(),
    stream: sql => connection.stream(sql),
    interrupt: () => connection.interrupt(),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Where DuckDB's own habits are not Trino's, and what it may fetch. */
const SETTINGS = [
  "TimeZone = 'UTC'",
  'integer_division = true',
  "default_null_order = 'nulls_last'",
  'autoinstall_known_extensions = false',
  'autoload_known_extensions = false',
  'allow_community_extensions = false',
];

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
