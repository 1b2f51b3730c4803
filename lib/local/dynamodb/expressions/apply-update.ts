/** UpdateExpression, applied. Every operand reads the item as it was before the update. */
import { addDecimals, readDecimal, subtractDecimals, writeDecimal } from '../values/decimal.ts';
import { refuse } from '../values/refusal.ts';
import { elementsOf, type Item, kindOf, setLike, type Value } from '../values/value.ts';
import { editAt } from './edit.ts';
import { comparePaths, type Path, valueAt } from './path.ts';
import type { Update, UpdateOperand } from './update.ts';

const WRONG_KIND = 'An operand in the update expression has an incorrect data type';

/** The item after the update; `before` already has its key attributes. */
export function applyUpdate(update: Update, before: Item): Item {
  const edits: readonly Edit[] = [
    ...update.set.map(({ path, to }) => ({ path, value: evaluate(to, before) })),
    ...update.add.map(({ path, value }) => ({ path, value: added(valueAt(before, path), value) })),
    ...update.delete.map(({ path, value }) => ({ path, value: deleted(valueAt(before, path), value) })),
    ...update.remove.map(path => ({ path, value: undefined })),
  ];
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
