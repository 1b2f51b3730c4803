/** UpdateExpression, read. Its paths are distinct, so the order in which its clauses are applied does not count. */
import { addDecimals, readDecimal, subtractDecimals, writeDecimal } from '../values/decimal.ts';
import { refuse } from '../values/refusal.ts';
import {
  attributeOf,
  elementsOf,
  type Item,
  kindOf,
  levelsOf,
  refuseDeeper,
  setLike,
  type Value,
} from '../values/value.ts';
import { ExpressionReader } from './expression-reader.ts';
import { comparePaths, type Path, refuseOverlap, valueAt } from './path.ts';
import type { Placeholders } from './placeholders.ts';

type UpdateOperand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: UpdateOperand }
  | { readonly kind: 'list_append'; readonly first: UpdateOperand; readonly second: UpdateOperand }
  | { readonly kind: 'plus' | 'minus'; readonly left: UpdateOperand; readonly right: UpdateOperand };

interface Update {
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

/** Whether the update stores something, also where no item was; one that only removes leaves an absent item absent. */
export function stores({ set, add }: Update): boolean {
  return set.length + add.length > 0;
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
  const kind = reader.accept('+') ? 'plus' : reader.accept('-') ? 'minus' : undefined;
  if (!kind) return { path, to: left };
  reader.operator();
  return { path, to: { kind, left, right: operand(reader) } };
}

function operand(reader: ExpressionReader): UpdateOperand {
  if (reader.peek().kind === 'value') return { kind: 'value', value: reader.value() };
  if (!reader.seesCall()) return { kind: 'path', path: reader.path() };
  const name = reader.next().text;
  reader.operator();
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

// UpdateExpression, applied. Every operand reads the item as it was before the update.

const WRONG_KIND = 'An operand in the update expression has an incorrect data type';

/** The item after the update; `before` already has its key attributes. */
export function applyUpdate(update: Update, before: Item): Item {
  const edits: readonly Edit[] = [
    ...update.set.map(({ path, to }) => ({ path, value: evaluate(to, before) })),
    ...update.add.map(({ path, value }) => ({ path, value: added(valueAt(before, path), value) })),
    ...update.delete.map(({ path, value }) => ({ path, value: deleted(valueAt(before, path), value) })),
    ...update.remove.map(path => ({ path, value: undefined })),
  ];
  for (const { path, value } of edits) if (value) refuseDeeper(path.length - 1 + levelsOf(value));
  // A list grows at its end whatever index is given, so lower indexes are set first. Removals come last and from the
  // end, so that every index means the element that it meant before.
  const settings = edits.filter(({ value }) => value !== undefined).toSorted((a, b) => comparePaths(a.path, b.path));
  const removals = edits.filter(({ value }) => value === undefined).toSorted((a, b) => comparePaths(b.path, a.path));
  return [...settings, ...removals].reduce((item, { path, value }) => editAt(item, path, value), before);
}

/** `value` undefined: what is there goes. */
interface Edit {
  readonly path: Path;
  readonly value: Value | undefined;
}

function evaluate(operand: UpdateOperand, item: Item): Value {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return (
        valueAt(item, operand.path) ??
        refuse('The provided expression refers to an attribute that does not exist in the item')
      );
    case 'if_not_exists':
      return valueAt(item, operand.path) ?? evaluate(operand.otherwise, item);
    case 'list_append': {
      const [first, second] = [evaluate(operand.first, item), evaluate(operand.second, item)];
      if (!('L' in first) || !('L' in second)) refuse(WRONG_KIND);
      return { L: [...first.L, ...second.L] };
    }
    case 'plus':
      return calculate(addDecimals, evaluate(operand.left, item), evaluate(operand.right, item));
    case 'minus':
      return calculate(subtractDecimals, evaluate(operand.left, item), evaluate(operand.right, item));
  }
}

function calculate(operation: typeof addDecimals, left: Value, right: Value): Value {
  if (!('N' in left) || !('N' in right)) refuse(WRONG_KIND);
  return { N: writeDecimal(operation(readDecimal(left.N), readDecimal(right.N))) };
}

function added(current: Value | undefined, value: Value): Value {
  if (current === undefined) return value;
  if ('N' in value) return calculate(addDecimals, current, value);
  return setLike(value, [...new Set([...elementsOfSame(current, value), ...(elementsOf(value) ?? [])])]);
}

/** Undefined where no element is left: DynamoDB has no empty sets. */
function deleted(current: Value | undefined, value: Value): Value | undefined {
  if (current === undefined) return undefined;
  const gone = new Set(elementsOf(value));
  const left = elementsOfSame(current, value).filter(element => !gone.has(element));
  return left.length === 0 ? undefined : setLike(value, left);
}

function elementsOfSame(current: Value, value: Value): readonly string[] {
  if (kindOf(current) !== kindOf(value)) refuse(WRONG_KIND);
  return elementsOf(current) ?? [];
}

const WRONG_PATH = 'The document path provided in the update expression is invalid for update';

/**
 * A copy of the item with `value` at `path`, or without what was there where `value` is undefined. Everything above
 * the path's last step must exist and be of the right kind; a list index beyond the end appends.
 */
function editAt(item: Item, path: Path, value: Value | undefined): Item {
  return editMap(item, path, value);
}

function editMap(map: Item, path: readonly (string | number)[], value: Value | undefined): Item {
  const [name, ...rest] = path;
  if (typeof name !== 'string') refuse(WRONG_PATH);
  const next = rest.length === 0 ? value : editInside(attributeOf(map, name), rest, value);
  if (next !== undefined) return { ...map, [name]: next };
  const { [name]: _gone, ...others } = map;
  return others;
}

function editInside(container: Value | undefined, path: readonly (string | number)[], value: Value | undefined): Value {
  if (container && 'M' in container) return { M: editMap(container.M, path, value) };
  if (container && 'L' in container) return { L: editList(container.L, path, value) };
  return refuse(WRONG_PATH);
}

function editList(
  list: readonly Value[],
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Value[] {
  const [index, ...rest] = path;
  if (typeof index !== 'number') refuse(WRONG_PATH);
  if (rest.length > 0) return list.with(checked(index, list), editInside(list[index], rest, value));
  if (value === undefined) return list.filter((_, i) => i !== index);
  return index < list.length ? list.with(index, value) : [...list, value];
}

function checked(index: number, list: readonly Value[]): number {
  return index < list.length ? index : refuse(WRONG_PATH);
}
