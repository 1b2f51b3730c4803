/**
 * Which partitions a query reads. DuckDB plans the query over partitions without rows; each scan of the plan says by what
 * filters it chose its files, and those are asked once more of the partitions themselves. Where a plan says it in a way
 * that is not understood, all partitions are read: more than needed, never less.
 */
import { type DuckDb, quote, quoteName } from './duckdb.ts';
import type { Partition } from './partitions.ts';
import { duckTypeOf } from './result-types.ts';
import { isNode, nodesOf } from './sql-tree.ts';
import { hiveName, markOf, type TableView } from './table-views.ts';

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
