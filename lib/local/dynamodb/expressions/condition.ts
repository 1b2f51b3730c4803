/** What ConditionExpression, FilterExpression and KeyConditionExpression say, with every placeholder already replaced. */
import {
  elementsOf,
  equal,
  type Item,
  KINDS,
  kindOf,
  measuredSize,
  order,
  scalarOf,
  type Value,
} from '../values/value.ts';
import { ExpressionReader } from './expression-reader.ts';
import { argumentsOf, needsOrder, type Operand, pathsOfOperands, readOperand, wrongOperand } from './operand.ts';
import { type Path, pathText, valueAt } from './path.ts';
import type { Placeholders } from './placeholders.ts';

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
type Comparator = (typeof COMPARATORS)[number];

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: string }
  | { readonly kind: 'begins_with' | 'contains'; readonly operand: Operand; readonly argument: Operand };

/** Every path that a condition reads. */
export function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not':
      return pathsOf(condition.of);
    case 'compare':
      return pathsOfOperands(condition.left, condition.right);
    case 'between':
      return pathsOfOperands(condition.operand, condition.low, condition.high);
    case 'in':
      return pathsOfOperands(condition.operand, ...condition.candidates);
    case 'exists':
    case 'type':
      return [condition.path];
    case 'begins_with':
    case 'contains':
      return pathsOfOperands(condition.operand, condition.argument);
  }
}

const MOST_CANDIDATES = 100;

/** Reads a condition; `label` is the parameter that holds it. NOT binds closest, then AND, then OR. */
export function readCondition(expression: string, label: string, placeholders: Placeholders): Condition {
  const reader = new ExpressionReader(expression, label, placeholders);
  const condition = disjunction(reader, new Set());
  reader.end();
  return condition;
}

/** `grouped`: the conditions that stood in parentheses; a second pair around one of them is redundant. */
function disjunction(reader: ExpressionReader, grouped: Set<Condition>): Condition {
  let left = conjunction(reader, grouped);
  while (reader.accept('OR')) {
    reader.operator();
    left = { kind: 'or', left, right: conjunction(reader, grouped) };
  }
  return left;
}

function conjunction(reader: ExpressionReader, grouped: Set<Condition>): Condition {
  let left = negation(reader, grouped);
  while (reader.accept('AND')) {
    reader.operator();
    left = { kind: 'and', left, right: negation(reader, grouped) };
  }
  return left;
}

function negation(reader: ExpressionReader, grouped: Set<Condition>): Condition {
  if (reader.accept('NOT')) {
    reader.operator();
    return { kind: 'not', of: negation(reader, grouped) };
  }
  if (!reader.accept('(')) return predicate(reader);
  const inner = reader.inParentheses(() => disjunction(reader, grouped));
  if (grouped.has(inner)) reader.refuse('The expression has redundant parentheses;');
  grouped.add(inner);
  return inner;
}

function predicate(reader: ExpressionReader): Condition {
  if (reader.seesCall() && reader.peek().text !== 'size') return readCall(reader);
  reader.operator();
  const left = readOperand(reader);
  const comparator = COMPARATORS.find(symbol => reader.accept(symbol));
  if (comparator) return comparison(reader, comparator, left, readOperand(reader));
  if (reader.accept('BETWEEN')) {
    const low = readOperand(reader);
    reader.expect('AND');
    return between(reader, left, low, readOperand(reader));
  }
  if (reader.accept('IN')) return { kind: 'in', operand: left, candidates: candidates(reader) };
  if (left.kind === 'size') {
    reader.refuse('The function is not allowed to be used this way in an expression; function: size');
  }
  return reader.syntaxError();
}

function comparison(reader: ExpressionReader, comparator: Comparator, left: Operand, right: Operand): Condition {
  if (left.kind === 'path' && right.kind === 'path' && pathText(left.path) === pathText(right.path)) {
    reader.refuse(
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${comparator}, first operand: ${pathText(left.path)}`,
    );
  }
  if (comparator !== '=' && comparator !== '<>') {
    for (const side of [left, right]) needsOrder(reader, comparator, side);
  }
  return { kind: 'compare', comparator, left, right };
}

function between(reader: ExpressionReader, operand: Operand, low: Operand, high: Operand): Condition {
  for (const side of [operand, low, high]) needsOrder(reader, 'BETWEEN', side);
  if (low.kind === 'value' && high.kind === 'value') {
    const direction = order(low.value, high.value);
    const bounds = `lower bound operand: ${operandText(low.value)}, upper bound operand: ${operandText(high.value)}`;
    if (direction === undefined) {
      reader.refuse(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
    }
    if (direction > 0) {
      reader.refuse(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`);
    }
  }
  return { kind: 'between', operand, low, high };
}

function candidates(reader: ExpressionReader): readonly Operand[] {
  reader.expect('(');
  const found = [readOperand(reader)];
  while (reader.accept(',')) found.push(readOperand(reader));
  reader.expect(')');
  if (found.length > MOST_CANDIDATES) {
    reader.refuse(`The IN operator is provided with too many operands; number of operands: ${found.length}`);
  }
  return found;
}

function operandText(value: Value): string {
  const [kind, content] = Object.entries(value)[0] ?? [];
  return `AttributeValue: {${kind}:${content}}`;
}

/** Reads a function that is a condition by itself, such as `attribute_exists(a)`. */
function readCall(reader: ExpressionReader): Condition {
  reader.operator();
  const name = reader.next().text;
  const expected = argumentsOf(reader, name);
  reader.expect('(');
  const given = [readOperand(reader)];
  while (reader.accept(',')) given.push(readOperand(reader));
  reader.expect(')');
  if (given.length !== expected) {
    reader.refuse(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${given.length}`,
    );
  }
  const [first, second] = given as [Operand, Operand];
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    return { kind: 'exists', path: onlyPath(reader, name, first), wanted: name === 'attribute_exists' };
  }
  if (name === 'attribute_type') return readType(reader, onlyPath(reader, name, first), second);
  if (name === 'contains') return { kind: 'contains', operand: first, argument: second };
  for (const side of [first, second]) {
    if (side.kind === 'value' && !('S' in side.value) && !('B' in side.value)) wrongOperand(reader, name, side.value);
  }
  return { kind: 'begins_with', operand: first, argument: second };
}

function readType(reader: ExpressionReader, path: Path, argument: Operand): Condition {
  if (argument.kind !== 'value') return reader.syntaxError();
  if (!('S' in argument.value)) return wrongOperand(reader, 'attribute_type', argument.value);
  const type = argument.value.S;
  if (!(KINDS as readonly string[]).includes(type)) {
    reader.refuse(`Invalid attribute type name found; type: ${type}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`);
  }
  return { kind: 'type', path, type };
}

function onlyPath(reader: ExpressionReader, name: string, operand: Operand): Path {
  if (operand.kind === 'path') return operand.path;
  return reader.refuse(`Operator or function requires a document path; operator or function: ${name}`);
}

// Conditions, evaluated. A comparison of different kinds, or with an attribute that is not there, is false; only `<>`
// is then true, and NOT turns either around. The item that does not exist has no attributes.

/** Whether the item, or its absence, meets the condition. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  const of = (operand: Operand): Value | undefined => read(operand, item);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.of, item);
    case 'compare':
      return compares(condition.comparator, of(condition.left), of(condition.right));
    case 'between': {
      const value = of(condition.operand);
      return compares('>=', value, of(condition.low)) && compares('<=', value, of(condition.high));
    }
    case 'in':
      return condition.candidates.some(candidate => compares('=', of(condition.operand), of(candidate)));
    case 'exists':
      return (valueAt(item, condition.path) !== undefined) === condition.wanted;
    case 'type': {
      const value = valueAt(item, condition.path);
      return value !== undefined && kindOf(value) === condition.type;
    }
    case 'begins_with':
      return beginsWith(of(condition.operand), of(condition.argument));
    case 'contains':
      return contains(of(condition.operand), of(condition.argument));
  }
}

function read(operand: Operand, item: Item | undefined): Value | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const measured = read(operand.of, item);
  const size = measured && measuredSize(measured);
  return size === undefined ? undefined : { N: String(size) };
}

function compares(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  const same = left !== undefined && right !== undefined && equal(left, right);
  if (comparator === '=') return same;
  if (comparator === '<>') return !same;
  const direction = left && right && order(left, right);
  if (direction === undefined) return false;
  if (comparator === '<') return direction < 0;
  if (comparator === '<=') return direction <= 0;
  return comparator === '>' ? direction > 0 : direction >= 0;
}

function beginsWith(value: Value | undefined, prefix: Value | undefined): boolean {
  if (!value || !prefix) return false;
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if ('B' in value && 'B' in prefix) {
    const start = Buffer.from(prefix.B, 'base64');
    return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
  }
  return false;
}

/** A substring of a string or binary, an element of a list, or an element of a set of the same kind. */
function contains(value: Value | undefined, sought: Value | undefined): boolean {
  if (!value || !sought) return false;
  if ('S' in value) return 'S' in sought && value.S.includes(sought.S);
  if ('B' in value) return 'B' in sought && Buffer.from(value.B, 'base64').includes(Buffer.from(sought.B, 'base64'));
  if ('L' in value) return value.L.some(element => equal(element, sought));
  const scalar = scalarOf(sought);
  return (
    scalar !== undefined && kindOf(value) === `${kindOf(sought)}S` && (elementsOf(value)?.includes(scalar) ?? false)
  );
}
