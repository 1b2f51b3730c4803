/**
 * Names that a SELECT gives to its own columns: DuckDB lets WHERE, GROUP BY, HAVING and later columns use them, Trino lets
 * ORDER BY alone. Pure.
 */
import { QueryFailure } from './query-failure.ts';
import { isNode, list, nodesOf, type TreeNode } from './sql-tree.ts';
import { type FindColumns, tablesIn } from './table-references.ts';

/** Throws QueryFailure for such a use. A FROM of other things than tables of the catalog is not looked at. */
export function refuseAliasReferences(tree: unknown, columnsOf: FindColumns): void {
  for (const select of nodesOf(tree)) {
    if (select.type !== 'SELECT_NODE') continue;
    const columns = columnsIn(select.from_table, columnsOf);
    if (!columns) continue;
    const aliases = new Set(list(select.select_list).map(({ alias }) => String(alias).toLowerCase()));
    const used = [select.select_list, select.where_clause, select.group_expressions, select.having].flatMap(namesIn);
    const wrong = used.find(name => aliases.has(name) && !columns.has(name));
    if (wrong === undefined) continue;
    throw new QueryFailure(
      `COLUMN_NOT_FOUND: Column '${wrong}' cannot be resolved: it is a name of the SELECT's own, which Athena knows in ORDER BY alone; repeat the expression`,
    );
  }
}

/** The columns of all tables of a FROM; undefined where one of them is not of the catalog. */
function columnsIn(from: unknown, columnsOf: FindColumns): ReadonlySet<string> | undefined {
  const others = [...nodesOf(from)].some(({ type, class: kind }) => kind === undefined && type === 'SELECT_NODE');
  const found = tablesIn(from).map(columnsOf);
  if (others || found.length === 0 || found.some(columns => columns === undefined)) return undefined;
  return new Set(found.flatMap(columns => columns ?? []));
}

/** Columns that an expression names without a table; what its subqueries name is their own affair. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isNode(value) || value.class === 'SUBQUERY') return [];
  const { column_names: names } = value as TreeNode;
  if (Array.isArray(names)) return names.length === 1 ? [String(names[0]).toLowerCase()] : [];
  return Object.values(value).flatMap(namesIn);
}
