/**
 * KeyConditionExpression: one partition, and at most one range of its sort key. What it says becomes bounds on bytes,
 * so a query reads only what it answers.
 */
import {
  afterPart,
  BEYOND_ALL,
  type Bounds,
  beginningWith,
  EVERYTHING,
  sortableBytes,
  startOf,
} from '../storage/keys.ts';
import type { KeyAttribute, KeySchema } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import { kindOf, scalarOf, type Value } from '../values/value.ts';
import { type Condition, readCondition } from './condition.ts';
import type { Operand } from './operand.ts';
import type { Placeholders } from './placeholders.ts';

export interface KeyRange {
  /** The partition key's value. */
  readonly partition: Value;
  readonly bounds: Bounds;
}

const LABEL = 'KeyConditionExpression';

/** Reads the condition against the key schema of a table or index. */
export function readKeyCondition(expression: string, schema: KeySchema, placeholders: Placeholders): KeyRange {
  const terms = conjuncts(readCondition(expression, LABEL, placeholders))
    .map(keyFirst)
    .map(term => ({ term, on: attributeIn(term) }));
  for (const [i, { on }] of terms.entries()) {
    if (terms.findIndex(other => other.on === on) < i) {
      refuse('KeyConditionExpressions must only contain one condition per key');
    }
  }
  const partitionTerm = terms.find(({ on }) => on === schema.partition.name)?.term;
  if (!partitionTerm) refuse(`Query condition missed key schema element: ${schema.partition.name}`);
  if (partitionTerm.kind !== 'compare' || partitionTerm.comparator !== '=') refuse('Query key condition not supported');
  const partition = literal(partitionTerm.right, schema.partition);
  const others = terms.filter(({ term }) => term !== partitionTerm);
  const [other] = others;
  if (!other) return { partition, bounds: EVERYTHING };
  if (!schema.sort || other.on !== schema.sort.name) {
    refuse(
      schema.sort && others.length === 1
        ? `Query condition missed key schema element: ${schema.sort.name}`
        : 'Query key condition not supported',
    );
  }
  if (others.length > 1) refuse('Query key condition not supported');
  return { partition, bounds: boundsOf(other.term, schema.sort) };
}

function conjuncts(condition: Condition): readonly Condition[] {
  if (condition.kind === 'and') return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  if (condition.kind === 'or' || condition.kind === 'not') {
    refuse(`Invalid ${LABEL}: Invalid operator used in ${LABEL}: ${condition.kind.toUpperCase()}`);
  }
  return [condition];
}

const TURNED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** `:value < key` as `key > :value`. */
function keyFirst(term: Condition): Condition {
  if (term.kind !== 'compare' || term.left.kind !== 'value' || term.right.kind !== 'path') return term;
  return { ...term, comparator: TURNED[term.comparator], left: term.right, right: term.left };
}

/** The top-level attribute that a single term is about. */
function attributeIn(term: Condition): string {
  const operand = term.kind === 'compare' ? term.left : 'operand' in term ? term.operand : undefined;
  if (!operand || term.kind === 'in' || term.kind === 'contains' || operand.kind === 'size') {
    const operator = term.kind === 'exists' ? (term.wanted ? 'attribute_exists' : 'attribute_not_exists') : term.kind;
    refuse(`Invalid ${LABEL}: Invalid operator used in ${LABEL}: ${operator === 'in' ? 'IN' : operator}`);
  }
  if (operand.kind === 'value') refuse(`Invalid ${LABEL}: A key attribute must stand left of its operator`);
  if (operand.path.length > 1) refuse(`Invalid ${LABEL}: ${LABEL}s cannot have conditions on nested attributes`);
  return operand.path[0];
}

function boundsOf(term: Condition, sort: KeyAttribute): Bounds {
  if (term.kind === 'between') {
    return {
      low: startOf(sortableBytes(literal(term.low, sort))),
      high: afterPart(sortableBytes(literal(term.high, sort))),
    };
  }
  if (term.kind === 'begins_with') {
    const prefix = literal(term.argument, sort);
    if ('N' in prefix) refuse('Query key condition not supported');
    return beginningWith(sortableBytes(prefix));
  }
  if (term.kind !== 'compare' || term.comparator === '<>') refuse('Query key condition not supported');
  const bytes = sortableBytes(literal(term.right, sort));
  const { comparator } = term;
  return {
    low:
      comparator === '=' || comparator === '>='
        ? startOf(bytes)
        : comparator === '>'
          ? afterPart(bytes)
          : Buffer.alloc(0),
    high:
      comparator === '=' || comparator === '<=' ? afterPart(bytes) : comparator === '<' ? startOf(bytes) : BEYOND_ALL,
  };
}

function literal(operand: Operand, key: KeyAttribute): Value {
  if (operand.kind !== 'value') refuse(`Invalid ${LABEL}: A key is compared with a value, not with another attribute`);
  if (kindOf(operand.value) !== key.kind) {
    refuse('One or more parameter values were invalid: Condition parameter type does not match schema type');
  }
  if (scalarOf(operand.value) === '') {
    refuse(
      'One or more parameter values are not valid. ' +
        `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${key.name}`,
    );
  }
  return operand.value;
}
