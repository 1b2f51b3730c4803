/** The partitions of a table, as its objects' keys show them. Pure. */
import type { CatalogTable } from '../glue/catalog.ts';
import { projects } from '../glue/projection.ts';
import type { StoredObject } from '../s3/stored-objects.ts';
import { type DuckDb, quote, quoteName } from './duckdb.ts';
import { duckTypeOf } from './results.ts';
import { isNode, nodesOf } from './sql.ts';

export interface Partition {
  /** Of the partition keys, in their order, as text. */
  readonly values: readonly string[];
  /** Of the keys of its objects. */
  readonly prefix: string;
  readonly objects: readonly StoredObject[];
}

/** A table of a query, as a view over its partitions. */
export interface TableView {
  readonly table: CatalogTable;
  readonly number: number;
  readonly partitions: readonly Partition[];
  readonly folder: string;
}

/** The column that every file of a table has, and that says whose it is. */
export function markOf({ number }: Pick<TableView, 'number'>): string {
  return `_t${number}_`;
}

export function hiveName(view: Pick<TableView, 'number'>, column: string): string {
  return `${markOf(view)}${column}`;
}

/** The prefix of the keys of all partitions. */
export function listedPrefix({ prefix, projection }: CatalogTable): string {
  return projection ? projection.template.slice(0, projection.template.indexOf('${')) : prefix;
}

/** Partitions that have objects; a table without partition keys is one partition. `now` is in epoch ms. */
export function partitionsOf(table: CatalogTable, objects: readonly StoredObject[], now: number): readonly Partition[] {
  const found = new Map<string, { values: readonly string[]; objects: StoredObject[] }>();
  const pattern = patternOf(table);
  for (const object of objects.filter(isData)) {
    const [prefix, ...texts] = pattern.exec(object.key) ?? [];
    if (prefix === undefined) continue;
    const values = valuesOf(table, texts, now);
    if (!values) continue;
    const partition = found.get(prefix) ?? { values, objects: [] };
    partition.objects.push(object);
    found.set(prefix, partition);
  }
  return [...found].map(([prefix, { values, objects }]) => ({ values, prefix, objects }));
}

/** Athena passes over objects whose name begins with `_` or `.`, and over empty ones. */
function isData({ key, size }: StoredObject): boolean {
  return size > 0 && !/^[_.]/.test(key.slice(key.lastIndexOf('/') + 1));
}

/** Matches the prefix of a partition, with a group for each value in the order of the template. */
function patternOf(table: CatalogTable): RegExp {
  const { prefix, partitionKeys, projection } = table;
  const hive = `${prefix}${partitionKeys.map(({ name }) => `${name}=\${${name}}/`).join('')}`;
  const template = projection?.template ?? hive;
  const source = template.split(/\$\{[^}]*\}/).map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('([^/]+)')}`);
}

/** The values in the order of the partition keys; undefined where the projection has no such partition. */
function valuesOf({ partitionKeys, projection }: CatalogTable, texts: readonly string[], now: number) {
  const names = partitionKeys.map(({ name }) => name);
  if (!projection) return texts.map(decoded);
  const order = [...projection.template.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  const values = names.map(name => texts[order.indexOf(name)] ?? '');
  // A template may name a column more than once: then it is one value.
  if (order.some((name, n) => texts[n] !== values[names.indexOf(name)])) return undefined;
  const projected = names.every((name, n) => {
    const column = projection.columns[name];
    return column !== undefined && projects(column, values[n] ?? '', now);
  });
  return projected ? values : undefined;
}

/** Hive writes what a directory's name cannot hold as `%2F`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Which partitions a query reads. DuckDB plans the query over partitions without rows; each scan of the plan says by what
// filters it chose its files, and those are asked once more of the partitions themselves. Where a plan says it in a way
// that is not understood, all partitions are read: more than needed, never less.

interface Scan {
  readonly filters: string;
  /** How many files are left. */
  readonly left: number;
}

/** The partitions of each view that the query reads, by the view's number. */
export async function prune(duck: DuckDb, sql: string, views: readonly TableView[]): Promise<readonly TableView[]> {
  const [row] = await duck.rows(`EXPLAIN (FORMAT json) ${sql}`);
  const scans = scansOf(JSON.parse(String(row?.[1])));
  const known = scans.every(({ filters }) => views.some(view => filters.includes(markOf(view))));
  if (!known) return views;
  const pruned: TableView[] = [];
  for (const view of views) {
    const own = scans.filter(({ filters }) => filters.includes(markOf(view)));
    pruned.push({ ...view, partitions: await left(duck, view, own) });
  }
  return pruned;
}

function scansOf(plan: unknown): readonly Scan[] {
  return [...nodesOf(plan)].flatMap(({ name, extra_info: info }) => {
    if (!/READ_PARQUET/.test(String(name)) || !isNode(info)) return [];
    const [count = ''] = String(info['Scanning Files']).split('/');
    return [{ filters: String(info['File Filters'] ?? ''), left: Number(count) }];
  });
}

async function left(duck: DuckDb, view: TableView, scans: readonly Scan[]): Promise<readonly Partition[]> {
  if (view.partitions.length === 0 || scans.length === 0) return [];
  const { partitionKeys } = view.table;
  const names = ['n', markOf(view), ...partitionKeys.map(({ name }) => hiveName(view, name))].map(quoteName);
  const types = ['INTEGER', 'VARCHAR', ...partitionKeys.map(({ type }) => duckTypeOf(type))];
  const rows = view.partitions.map(({ values }, n) => `(${[`${n}`, "'x'", ...values.map(literal)].join(', ')})`);
  const casts = names.map((name, n) => `CAST(${name} AS ${types[n]}) AS ${name}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE partitions AS
    SELECT ${casts.join(', ')} FROM (VALUES ${rows.join(', ')}) AS listed (${names.join(', ')})`);
  const found = new Set<number>();
  for (const { filters, left } of scans) {
    const conditions = splitFilters(filters);
    const sql = `SELECT n FROM temp.partitions WHERE ${conditions.join(' AND ')}`;
    const matching = await duck.rows(sql).catch(() => []);
    if (matching.length !== left) return view.partitions;
    for (const [n] of matching) found.add(Number(n));
  }
  return view.partitions.filter((_, n) => found.has(n));
}

function literal(value: string): string {
  return value === '__HIVE_DEFAULT_PARTITION__' ? 'NULL' : quote(value);
}

/** `(a = 'x')prefix(b, 'y')` is two conditions: a closed parenthesis with the next one right behind it. */
function splitFilters(text: string): readonly string[] {
  const conditions: string[] = [];
  let [begin, depth] = [0, 0];
  let quoted: string | undefined;
  for (const [at, character] of [...text].entries()) {
    if (quoted !== undefined) quoted = character === quoted ? undefined : quoted;
    else if (character === "'" || character === '"') quoted = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (character !== ')' || depth > 0 || quoted !== undefined || !/[\w("]/.test(text[at + 1] ?? '')) continue;
    conditions.push(text.slice(begin, at + 1));
    begin = at + 1;
  }
  return [...conditions, text.slice(begin)];
}
