/** Whether a query stays in what Trino and DuckDB read alike (athena.ts): every node of its tree must be one that is known here. Pure. */
import { QueryFailure } from './statement.ts';

/** Expressions by their class; some have more to say below. */
const EXPRESSIONS = new Set([
  'CONSTANT',
  'COLUMN_REF',
  'FUNCTION',
  'COMPARISON',
  'CONJUNCTION',
  'OPERATOR',
  'CAST',
  'CASE',
  'BETWEEN',
  'SUBQUERY',
  'STAR',
  'WINDOW',
]);
const OPERATORS = new Set([
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
]);
/** All that is no expression: queries, what they read from, and how they end. */
const OTHERS = new Set([
  'SELECT_NODE',
  'SET_OPERATION_NODE',
  'CTE_NODE',
  'BASE_TABLE',
  'JOIN',
  'SUBQUERY',
  'EXPRESSION_LIST',
  'EMPTY',
  'LIMIT_MODIFIER',
  'ORDER_MODIFIER',
  'DISTINCT_MODIFIER',
  'ORDER_DEFAULT',
  'ASCENDING',
  'DESCENDING',
  'DECIMAL_TYPE_INFO',
]);
const JOINS = new Set(['INNER', 'LEFT', 'RIGHT', 'OUTER']);

/** Throws QueryFailure with what is not shared. */
export function refuseUnshared(tree: unknown): void {
  for (const node of nodesOf(tree)) {
    const why = typeof node.class === 'string' ? unsharedExpression(node) : unsharedPart(node);
    if (why !== undefined) throw new QueryFailure(`NOT_SUPPORTED: the local Athena does not know ${why}`);
  }
}

function unsharedExpression(node: TreeNode): string | undefined {
  const { class: kind, type, function_name: name } = node;
  if (!EXPRESSIONS.has(String(kind))) return `the expression ${kind}`;
  if (kind === 'OPERATOR' && !OPERATORS.has(String(type))) return `the operator ${type}`;
  if (kind === 'FUNCTION' || kind === 'WINDOW') {
    if (!SHARED_FUNCTIONS.has(String(name).toLowerCase())) {
      return `the function ${name}; it knows ${[...SHARED_FUNCTIONS].filter(known => /^\w+$/.test(known)).join(', ')}`;
    }
  }
  // DuckDB reads these as functions once it has found no such column.
  if (
    kind === 'COLUMN_REF' &&
    /^(current|session|local)_?(date|time|timestamp|user|role|catalog|schema)$/i.test(String(node.column_names))
  ) {
    return `${node.column_names}: give the moment as a parameter, so that a query means the same when it is run again`;
  }
  if (kind === 'CAST' && isNode(node.cast_type) && !SHARED_TYPES.has(String(node.cast_type.id))) {
    return `the type ${node.cast_type.id}`;
  }
  if (kind === 'STAR') {
    const more = [node.exclude_list, node.qualified_exclude_list, node.replace_list, node.rename_list];
    if (node.columns === true || node.expr !== null || more.some(names => Array.isArray(names) && names.length > 0)) {
      return '* with EXCLUDE, REPLACE, RENAME or COLUMNS';
    }
  }
  return undefined;
}

function unsharedPart(node: TreeNode): string | undefined {
  const { type } = node;
  if (typeof type !== 'string') return undefined;
  if (!OTHERS.has(type)) return type.toLowerCase().replaceAll('_', ' ');
  if (node.qualify) return 'QUALIFY';
  if (node.sample) return 'SAMPLE';
  if (node.at_clause) return 'AT';
  if (type === 'SELECT_NODE' && node.aggregate_handling !== 'STANDARD_HANDLING') return 'GROUP BY ALL';
  if (type === 'DISTINCT_MODIFIER' && list(node.distinct_on_targets).length > 0) return 'DISTINCT ON';
  if (type === 'JOIN' && !JOINS.has(String(node.join_type))) return `${node.join_type} JOIN`;
  if (type === 'JOIN' && !['REGULAR', 'CROSS'].includes(String(node.ref_type))) return `${node.ref_type} JOIN`;
  return type === 'SET_OPERATION_NODE' && node.setop_type === 'UNION_BY_NAME' ? 'UNION BY NAME' : undefined;
}

/** The functions that mean the same in Trino and in DuckDB: a query may call these and no other. */
const SHARED_FUNCTIONS: ReadonlySet<string> = new Set([
  // Aggregates.
  'count',
  'count_star',
  'sum',
  'min',
  'max',
  'avg',
  // Window functions.
  'row_number',
  'rank',
  'dense_rank',
  'lag',
  'lead',
  'first_value',
  'last_value',
  // Text.
  'lower',
  'upper',
  'trim',
  'ltrim',
  'rtrim',
  'length',
  'substr',
  'substring',
  'replace',
  'strpos',
  'starts_with',
  // Numbers and nulls.
  'abs',
  'round',
  'nullif',
  // Dates. `extract(year from x)` is read as date_part.
  'date_trunc',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'date_part',
  // How operators and LIKE are read.
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '~~',
  '!~~',
  'like_escape',
  'not_like_escape',
]);

const SHARED_TYPES: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'VARCHAR',
  'DATE',
  'TIMESTAMP',
]);

/**
 * DuckDB's own date_trunc makes a timestamp of a date; time_bucket does not. Its weeks begin on Monday, as Trino's do.
 * It stands before DuckDB's own by its place in the schema that names are looked up in first.
 */
export const DATE_TRUNC_MACRO = `CREATE MACRO date_trunc(unit, moment) AS time_bucket(CASE lower(unit)
  WHEN 'second' THEN INTERVAL 1 SECOND WHEN 'minute' THEN INTERVAL 1 MINUTE WHEN 'hour' THEN INTERVAL 1 HOUR
  WHEN 'day' THEN INTERVAL 1 DAY WHEN 'week' THEN INTERVAL 7 DAY WHEN 'month' THEN INTERVAL 1 MONTH
  WHEN 'quarter' THEN INTERVAL 3 MONTH WHEN 'year' THEN INTERVAL 1 YEAR
  ELSE error('date_trunc does not know ' || unit) END, moment)`;

// Names that a SELECT gives to its own columns: DuckDB lets WHERE, GROUP BY, HAVING and later columns use them, Trino lets
// ORDER BY alone. Pure.

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

/** The tree that DuckDB makes of a query (`json_serialize_sql`), as far as it is looked at here. */
type TreeNode = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly TreeNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every node under `value`, itself first. */
export function* nodesOf(value: unknown): Generator<TreeNode> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

// The tables that a query names, and the columns it holds to constants. Pure.

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
type FindColumns = (table: TreeNode) => readonly string[] | undefined;

/** The base tables of a FROM, without those of its subqueries. */
function tablesIn(from: unknown): readonly TreeNode[] {
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
