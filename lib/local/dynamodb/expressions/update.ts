/** UpdateExpression, read. Its paths are distinct, so the order in which its clauses are applied does not count. */
import { elementsOf, kindOf, type Value } from '../values/value.ts';
import { ExpressionReader } from './expression-reader.ts';
import { type Path, refuseOverlap } from './path.ts';
import type { Placeholders } from './placeholders.ts';

export type UpdateOperand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: UpdateOperand }
  | { readonly kind: 'list_append'; readonly first: UpdateOperand; readonly second: UpdateOperand }
  | { readonly kind: 'plus' | 'minus'; readonly left: UpdateOperand; readonly right: UpdateOperand };

export interface Update {
  readonly set: readonly { readonly path: Path; readonly to: UpdateOperand }[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly path: Path; readonly value: Value }[];
  readonly delete: readonly { readonly path: Path; readonly value: Value }[];
}

const LABEL = 'UpdateExpression';

/** Reads an UpdateExpression. */
export function readUpdate(expression: string, placeholders: Placeholders): Update {
  const reader = new ExpressionReader(expression, LABEL, placeholders);
  const update: { -readonly [Clause in keyof Update]: Update[Clause] } = { set: [], remove: [], add: [], delete: [] };
  const seen = new Set<string>();
  while (reader.peek().kind !== 'end') {
    const clause = reader.next().text.toUpperCase();
    if (seen.has(clause)) reader.refuse(`The "${clause}" section can only be used once in an update expression;`);
    seen.add(clause);
    if (clause === 'SET') update.set = listOf(reader, assignment);
    else if (clause === 'REMOVE') update.remove = listOf(reader, () => reader.path());
    else if (clause === 'ADD') update.add = listOf(reader, () => amount(reader, 'ADD'));
    else if (clause === 'DELETE') update.delete = listOf(reader, () => amount(reader, 'DELETE'));
    else reader.syntaxError();
  }
  refuseOverlap(changedPaths(update), LABEL);
  return update;
}

/** Every path that the update changes. */
export function changedPaths(update: Update): readonly Path[] {
  return [...update.set, ...update.add, ...update.delete].map(({ path }) => path).concat(update.remove);
}

function listOf<T>(reader: ExpressionReader, read: (reader: ExpressionReader) => T): readonly T[] {
  const found = [read(reader)];
  while (reader.accept(',')) found.push(read(reader));
  return found;
}

function assignment(reader: ExpressionReader): { path: Path; to: UpdateOperand } {
  const path = reader.path();
  reader.expect('=');
  const left = operand(reader);
  if (reader.accept('+')) return { path, to: { kind: 'plus', left, right: operand(reader) } };
  if (reader.accept('-')) return { path, to: { kind: 'minus', left, right: operand(reader) } };
  return { path, to: left };
}

function operand(reader: ExpressionReader): UpdateOperand {
  if (reader.peek().kind === 'value') return { kind: 'value', value: reader.value() };
  if (!reader.seesCall()) return { kind: 'path', path: reader.path() };
  const name = reader.next().text;
  reader.expect('(');
  if (name === 'if_not_exists') {
    const path = reader.path();
    reader.expect(',');
    const otherwise = operand(reader);
    reader.expect(')');
    return { kind: 'if_not_exists', path, otherwise };
  }
  if (name === 'list_append') {
    const first = operand(reader);
    reader.expect(',');
    const second = operand(reader);
    reader.expect(')');
    return { kind: 'list_append', first, second };
  }
  return reader.refuse(`Invalid function name; function: ${name}`);
}

function amount(reader: ExpressionReader, clause: 'ADD' | 'DELETE'): { path: Path; value: Value } {
  const path = reader.path();
  const value = reader.value();
  if (elementsOf(value) === undefined && !(clause === 'ADD' && 'N' in value)) {
    reader.refuse(
      `Incorrect operand type for operator or function; operator: ${clause}, operand type: ${kindOf(value)}, ` +
        `typeset: ALLOWED_FOR_${clause}_OPERAND`,
    );
  }
  return { path, value };
}
