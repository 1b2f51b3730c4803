/**
 * A table of the catalog as a view of DuckDB. Files lie in the query's folder as links, in Hive directories whose columns
 * bear the table's number, so that a plan says which table a filter is about:
 *
 *   t0/plan/_t0_=x/_t0_day=2026-11-24/7.parquet    partition 7, with no rows: what a plan is made from
 *   t0/data/_t0_=x/_t0_day=2026-11-24/0.parquet    an object
 *   t0/_t0_=stub/…/stub.parquet                    first in every list: it has the columns, and the view filters it out
 */
import { linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoredObjects } from '../s3/stored-objects.ts';
import { CATALOG, type DuckDb, quote, quoteName } from './duckdb.ts';
import { hiveName, markOf, type TableView } from './partitions.ts';
import { inTurns } from './permissions.ts';
import { duckTypeOf } from './results.ts';
import { QueryFailure } from './statement.ts';

/** A link and its directories take up to a millisecond. */
const AT_A_TIME = 40;

/** Makes the view over partitions without rows. */
export async function viewForPlan(duck: DuckDb, view: TableView): Promise<void> {
  const stub = stubOf(view);
  mkdirSync(dirname(stub), { recursive: true });
  const columns = view.table.columns.map(({ name, type }) => `NULL::${duckTypeOf(type)} AS ${quoteName(name)}`);
  await duck.run(`COPY (SELECT ${columns.join(', ')} WHERE false) TO ${quote(stub)} (FORMAT parquet)`);
  const files = await inTurns(view.partitions, AT_A_TIME, ({ values }, n) =>
    placed(view, 'plan', values, `${n}.parquet`, path => linkSync(stub, path)),
  );
  await create(duck, view, readParquet(view, files));
}

/** Makes the view over the objects of the partitions that are left. */
export async function viewForRead(duck: DuckDb, view: TableView, objects: StoredObjects): Promise<void> {
  const read = view.partitions.flatMap(({ values, objects }) => objects.map(object => ({ values, object })));
  const files = await inTurns(read, AT_A_TIME, ({ values, object }, n) => {
    // DuckDB knows a compressed CSV file by its name.
    const ending = view.table.format.kind === 'parquet' ? '.parquet' : object.key.endsWith('.gz') ? '.csv.gz' : '.csv';
    return placed(view, 'data', values, `${n}${ending}`, path => {
      try {
        objects.link(object, path);
      } catch {
        const place = `s3://${view.table.bucket}/${object.key}`;
        throw new QueryFailure(`HIVE_CANNOT_OPEN_SPLIT: ${place} was replaced or deleted while the query was planned`);
      }
    });
  });
  const { format } = view.table;
  // Objects may lack columns that the table got later. Reading by name opens every file at once, so a plan does not.
  const parquet = (): string => readParquet(view, files, ', union_by_name = true');
  await create(duck, view, format.kind === 'csv' && files.length > 0 ? readCsv(view, files) : parquet());
}

async function create(duck: DuckDb, view: TableView, source: string): Promise<void> {
  const { table } = view;
  const isText = table.format.kind === 'csv' && source.startsWith('read_csv');
  const columns = table.columns.map(({ name, type }) => {
    const duckType = duckTypeOf(type);
    const value = isText && duckType !== 'VARCHAR' ? `nullif(${quoteName(name)}, '')` : quoteName(name);
    return `CAST(${value} AS ${duckType}) AS ${quoteName(name)}`;
  });
  const keys = table.partitionKeys.map(({ name }) => `${quoteName(hiveName(view, name))} AS ${quoteName(name)}`);
  const schema = `${CATALOG}.${quoteName(table.database)}`;
  await duck.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await duck.run(`CREATE OR REPLACE VIEW ${schema}.${quoteName(table.name)} AS
    SELECT ${[...columns, ...keys].join(', ')} FROM ${source} WHERE ${quoteName(markOf(view))} = 'x'`);
}

function readParquet(view: TableView, files: readonly string[], more = ''): string {
  const paths = [stubOf(view), ...files].map(quote).join(', ');
  return `read_parquet([${paths}], hive_partitioning = true, hive_types = ${hiveTypes(view)}${more})`;
}

function readCsv(view: TableView, files: readonly string[]): string {
  const { columns, format } = view.table;
  if (format.kind !== 'csv') throw new Error(`${view.table.name} is not of CSV`);
  const types = columns.map(({ name }) => `${quote(name)}: 'VARCHAR'`).join(', ');
  return `read_csv([${files.map(quote).join(', ')}], columns = {${types}}, auto_detect = false, header = false,
    skip = ${format.headerLines}, delim = ${quote(format.separator)}, quote = ${quote(format.quote)},
    escape = ${quote(format.escape)}, null_padding = true, force_not_null = [${columns.map(({ name }) => quote(name)).join(', ')}],
    hive_partitioning = true, hive_types = ${hiveTypes(view)})`;
}

function hiveTypes(view: TableView): string {
  const types = view.table.partitionKeys.map(({ name, type }) => `${quote(hiveName(view, name))}: ${duckTypeOf(type)}`);
  return `{${[`${quote(markOf(view))}: VARCHAR`, ...types].join(', ')}}`;
}

/** The path of a link in the directories of its partition, made by `link`. */
function placed(
  view: TableView,
  kind: string,
  values: readonly string[],
  name: string,
  link: (path: string) => void,
): string {
  const path = join(view.folder, kind, directories(view, 'x', values), name);
  mkdirSync(dirname(path), { recursive: true });
  link(path);
  return path;
}

function stubOf(view: TableView): string {
  const nothing = view.table.partitionKeys.map(() => '__HIVE_DEFAULT_PARTITION__');
  return join(view.folder, directories(view, 'stub', nothing), 'stub.parquet');
}

function directories(view: TableView, mark: string, values: readonly string[]): string {
  const keys = view.table.partitionKeys.map(({ name }, n) => `${hiveName(view, name)}=${encoded(values[n] ?? '')}`);
  return join(`${markOf(view)}=${mark}`, ...keys);
}

/** `*` and quotes too, which a path of DuckDB would take for its own. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[*'()!~.]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
