/** Whether a query stays in what Trino and DuckDB read alike (athena.ts): every node of its tree must be one that is known here. Pure. */
import { QueryFailure } from './query-failure.ts';
import { SHARED_FUNCTIONS, SHARED_TYPES } from './shared-functions.ts';
import { isNode, list, nodesOf, type TreeNode } from './sql-tree.ts';

/** Expressions by their class; some have more to say below. */
const EXPRESSIONS = new Set([
  ...['CONSTANT', 'COLUMN_REF', 'FUNCTION', 'COMPARISON', 'CONJUNCTION', 'OPERATOR', 'CAST', 'CASE', 'BETWEEN'],
  ...['SUBQUERY', 'STAR', 'WINDOW'],
]);
const OPERATORS = new Set([
  ...['OPERATOR_NOT', 'OPERATOR_IS_NULL', 'OPERATOR_IS_NOT_NULL', 'OPERATOR_COALESCE', 'COMPARE_IN', 'COMPARE_NOT_IN'],
]);
/** All that is no expression: queries, what they read from, and how they end. */
const OTHERS = new Set([
  ...['SELECT_NODE', 'SET_OPERATION_NODE', 'CTE_NODE'],
  ...['BASE_TABLE', 'JOIN', 'SUBQUERY', 'EXPRESSION_LIST', 'EMPTY'],
  ...['LIMIT_MODIFIER', 'ORDER_MODIFIER', 'DISTINCT_MODIFIER'],
  ...['ORDER_DEFAULT', 'ASCENDING', 'DESCENDING', 'DECIMAL_TYPE_INFO'],
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
