import { order } from '../values/compare.ts';
import type { Value } from '../values/value.ts';
import { COMPARATORS, type Comparator, type Condition } from './condition.ts';
import { readCall } from './condition-call.ts';
import { ExpressionReader } from './expression-reader.ts';
import { needsOrder, type Operand, readOperand } from './operand.ts';
import { pathText } from './path.ts';
import type { Placeholders } from './placeholders.ts';

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
  while (reader.accept('OR')) left = { kind: 'or', left, right: conjunction(reader, grouped) };
  return left;
}

function conjunction(reader: ExpressionReader, grouped: Set<Condition>): Condition {
  let left = negation(reader, grouped);
  while (reader.accept('AND')) left = { kind: 'and', left, right: negation(reader, grouped) };
  return left;
}

function negation(reader: ExpressionReader, grouped: Set<Condition>): Condition {
  if (reader.accept('NOT')) return { kind: 'not', of: negation(reader, grouped) };
  if (!reader.accept('(')) return predicate(reader);
  const inner = disjunction(reader, grouped);
  reader.expect(')');
  if (grouped.has(inner)) reader.refuse('The expression has redundant parentheses;');
  grouped.add(inner);
  return inner;
}

function predicate(reader: ExpressionReader): Condition {
  if (reader.seesCall() && reader.peek().text !== 'size') return readCall(reader);
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
