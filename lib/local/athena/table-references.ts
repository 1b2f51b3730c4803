/** The tables that a query names, and the columns it holds to constants. Pure. */
import { isNode, list, nodesOf, type TreeNode } from './sql-tree.ts';

export interface TableReference {
  /** Undefined where the query's own database is meant. */
  readonly database: string | undefined;
  readonly name: string;
  /** Columns that the WHERE next to the table holds to constants, by `=` or IN. */
  readonly held: ReadonlySet<string>;
}

/** Every reference to a table of the catalog; names in lower case. A name that a WITH of the query gives is none. */
export function tableReferences(tree: unknown): readonly TableReference[] {
  const nodes = [...nodesOf(tree)];
  const named = new Set(
    nodes.flatMap(({ cte_map }) =>
      isNode(cte_map) ? list(cte_map.map).map(({ key }) => String(key).toLowerCase()) : [],
    ),
  );
  return nodes
    .filter(({ type }) => type === 'SELECT_NODE')
    .flatMap(select => {
      const held = heldBy(select.where_clause);
      return tablesIn(select.from_table).map(({ schema_name, table_name }) => ({
        database: schema_name === '' ? undefined : String(schema_name).toLowerCase(),
        name: String(table_name).toLowerCase(),
        held,
      }));
    })
    .filter(({ database, name }) => database !== undefined || !named.has(name));
}

/** The columns of the table that a BASE_TABLE names; undefined for one that is not of the catalog. */
export type FindColumns = (table: TreeNode) => readonly string[] | undefined;

/** The base tables of a FROM, without those of its subqueries. */
export function tablesIn(from: unknown): readonly TreeNode[] {
  if (!isNode(from)) return [];
  if (from.type === 'JOIN') return [...tablesIn(from.left), ...tablesIn(from.right)];
  return from.type === 'BASE_TABLE' ? [from] : [];
}

function heldBy(condition: unknown): ReadonlySet<string> {
  if (!isNode(condition)) return new Set();
  const { type } = condition;
  if (type === 'CONJUNCTION_AND') return new Set(list(condition.children).flatMap(child => [...heldBy(child)]));
  if (type === 'COMPARE_EQUAL') {
    const [left, right] = [condition.left, condition.right];
    return new Set([...(isConstant(right) ? columnOf(left) : []), ...(isConstant(left) ? columnOf(right) : [])]);
  }
  if (type !== 'COMPARE_IN') return new Set();
  const [column, ...values] = list(condition.children);
  return new Set(values.every(isConstant) ? columnOf(column) : []);
}

function columnOf(node: unknown): string[] {
  if (!isNode(node) || node.class !== 'COLUMN_REF' || !Array.isArray(node.column_names)) return [];
  return [String(node.column_names.at(-1)).toLowerCase()];
}

function isConstant(node: unknown): boolean {
  if (!isNode(node)) return false;
  return node.class === 'CONSTANT' || (node.class === 'CAST' && isConstant(node.child));
}
