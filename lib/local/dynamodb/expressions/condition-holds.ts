/**
 * Conditions, evaluated. A comparison of different kinds, or with an attribute that is not there, is false; only `<>`
 * is then true, and NOT turns either around. The item that does not exist has no attributes.
 */
import { equal, order } from '../values/compare.ts';
import { measuredSize } from '../values/size.ts';
import { elementsOf, type Item, kindOf, scalarOf, type Value } from '../values/value.ts';
import type { Comparator, Condition } from './condition.ts';
import type { Operand } from './operand.ts';
import { valueAt } from './path.ts';

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
  const measured = valueAt(item, operand.of);
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
