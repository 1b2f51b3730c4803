/** The way of one query: read it, look its tables up, plan, check what the caller may read, read, store the result. */
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, CatalogTable } from '../glue/catalog.ts';
import type { StoredObjects } from '../s3/stored-objects.ts';
import type { CloudContext } from '../service.ts';
import { type DuckDb, openDuckDb } from './duckdb.ts';
import type { TableView } from './partitions.ts';
import { listedPrefix, partitionsOf, prune } from './partitions.ts';
import { Caller } from './permissions.ts';
import type { Outcome, Query, QueryStatistics } from './queries.ts';
import { writeResult } from './results.ts';
import { refuseAliasReferences, refuseUnshared, type TableReference, tableReferences } from './sql.ts';
import { QueryFailure, readStatement } from './statement.ts';
import { viewForPlan, viewForRead } from './table-views.ts';
import { splitLocation } from './workgroup.ts';

interface Surroundings {
  readonly context: CloudContext;
  readonly catalog: Catalog;
  readonly objects: StoredObjects;
  /** Of this query alone; it is not there before, nor after. */
  readonly folder: string;
}

export async function runQuery(around: Surroundings, query: Query, signal: AbortSignal): Promise<Outcome> {
  const statistics: { -readonly [K in keyof QueryStatistics]?: QueryStatistics[K] } = {};
  const began = performance.now();
  let duck: DuckDb | undefined;
  let calm = (): void => {};
  try {
    mkdirSync(around.folder, { recursive: true });
    duck = await openDuckDb(around.folder, query.database ?? 'default');
    calm = interruptOn(signal, duck);
    const caller = new Caller(around.context, query.principal);
    const { bucket, key } = splitLocation(query.output);
    caller.mayWriteResult(bucket, key);
    const sql = readStatement(query.sql, query.parameters);
    const views = await planned(around, duck, caller, query, sql);
    const plannedAt = performance.now();
    statistics.planningMs = plannedAt - began;
    for (const { table, partitions } of views) await caller.mayReadData(table.bucket, partitions);
    statistics.scannedBytes = scannedBytes(views);
    if (statistics.scannedBytes > (query.scanLimitBytes ?? Number.POSITIVE_INFINITY)) {
      return { state: 'CANCELLED', reason: 'Bytes scanned limit was exceeded', statistics };
    }
    for (const view of views) await viewForRead(duck, view, around.objects);
    signal.throwIfAborted();
    const file = join(around.folder, 'result.csv');
    const columns = await writeResult(duck, sql, file, signal);
    signal.throwIfAborted();
    await around.objects.adopt(bucket, key, file, 'binary/octet-stream');
    statistics.engineMs = performance.now() - plannedAt;
    return { state: 'SUCCEEDED', columns, statistics };
  } catch (error) {
    const { message: reason, category } = asQueryFailure(error, around.folder);
    return { state: 'FAILED', reason, category, statistics };
  } finally {
    calm();
    duck?.close();
    await rm(around.folder, { recursive: true, force: true });
  }
}

/** The tables of the query as views over the partitions that it reads; throws QueryFailure for what it may not do. */
async function planned(
  around: Surroundings,
  duck: DuckDb,
  caller: Caller,
  query: Query,
  sql: string,
): Promise<readonly TableView[]> {
  const [[text] = []] = await duck.rows('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = JSON.parse(String(text));
  if (tree.error) throw new QueryFailure(`SYNTAX_ERROR: ${tree.error_message}`);
  refuseUnshared(tree.statements);
  const usual = query.database ?? 'default';
  const references = tableReferences(tree.statements);
  const tables = new Map<string, CatalogTable>();
  for (const reference of references) {
    const table = tableOf(around.catalog, caller, reference, usual);
    refuseUnheld(table, reference);
    tables.set(`${table.database}.${table.name}`, table);
  }
  refuseAliasReferences(tree.statements, ({ schema_name: schema, table_name: name }) => {
    const database = String(schema || usual).toLowerCase();
    const table = tables.get(`${database}.${String(name).toLowerCase()}`);
    return table && [...table.columns, ...table.partitionKeys].map(column => column.name);
  });
  const views = [...tables.values()].map((table, number) => {
    const { objects, context, folder } = around;
    if (!objects.hasBucket(table.bucket))
      throw new QueryFailure(`The specified bucket does not exist: ${table.bucket}`);
    const partitions = partitionsOf(table, objects.under(table.bucket, listedPrefix(table)), context.clock.now());
    return { table, number, partitions, folder: join(folder, `t${number}`) };
  });
  for (const view of views) await viewForPlan(duck, view);
  return prune(duck, sql, views);
}

function tableOf(catalog: Catalog, caller: Caller, reference: TableReference, usual: string): CatalogTable {
  const database = reference.database ?? usual;
  caller.mayReadDatabase(database);
  if (!catalog.hasDatabase(database)) throw new QueryFailure(`SCHEMA_NOT_FOUND: Schema '${database}' does not exist`);
  const table = catalog.table(database, reference.name);
  if (table) caller.mayReadTable(table);
  if (table) return table;
  throw new QueryFailure(`TABLE_NOT_FOUND: Table 'awsdatacatalog.${database}.${reference.name}' does not exist`);
}

/** A column whose values only a query can name must be named by it. */
function refuseUnheld({ projection }: CatalogTable, { held }: TableReference): void {
  for (const [column, { type }] of Object.entries(projection?.columns ?? {})) {
    if (type !== 'injected' || held.has(column)) continue;
    throw new QueryFailure(
      `CONSTRAINT_VIOLATION: For the injected projected partition column ${column}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
    );
  }
}

function scannedBytes(views: readonly TableView[]): number {
  const objects = views.flatMap(({ partitions }) => partitions.flatMap(partition => partition.objects));
  return objects.reduce((sum, { size }) => sum + size, 0);
}

/** DuckDB forgets an interrupt that comes between two of its statements, so it is said again until the answer is called. */
function interruptOn(signal: AbortSignal, duck: DuckDb): () => void {
  let again: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => {
    duck.interrupt();
    again = setInterval(() => duck.interrupt(), 50);
  });
  return () => clearInterval(again);
}

/**
 * A failure of DuckDB in the words of Athena: the kind of error that a caller may look for, then DuckDB's own first
 * line. `folder` is where the query's links are: it stands in messages, and is nobody's business.
 */
function asQueryFailure(error: unknown, folder: string): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const text = line.replaceAll(folder, '');
  if (/^Out of Memory/.test(text)) return new QueryFailure('Query exhausted resources at this scale factor', 1);
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (kind !== undefined) return new QueryFailure(`${kind}: ${text}`);
  return new QueryFailure(`GENERIC_INTERNAL_ERROR: ${text}`, 1);
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(Parser|Binder|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^(Invalid Input|IO|Serialization) Error/, 'HIVE_BAD_DATA'],
];
