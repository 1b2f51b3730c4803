import { compareDecimals, readDecimal } from './decimal.ts';
import { elementsOf, type Item, type Value } from './value.ts';

/** Whether two values are of one kind and equal; the order of a set's elements does not count. */
export function equal(a: Value, b: Value): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('M' in a) return 'M' in b && sameItem(a.M, b.M);
  if ('L' in a) {
    return 'L' in b && a.L.length === b.L.length && a.L.every((value, i) => equal(value, b.L[i] as Value));
  }
  return sameSet(a, b);
}

/** Whether two items have the same attributes with equal values. */
export function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => Object.hasOwn(b, name) && equal(a[name] as Value, b[name] as Value))
  );
}

/** Negative, zero or positive for two strings, two numbers or two binaries; undefined where there is no order. */
export function order(a: Value, b: Value): number | undefined {
  if ('N' in a && 'N' in b) return a.N === b.N ? 0 : compareDecimals(readDecimal(a.N), readDecimal(b.N));
  if ('S' in a && 'S' in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ('B' in a && 'B' in b) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

function sameSet(a: Value, b: Value): boolean {
  if (('SS' in a && !('SS' in b)) || ('NS' in a && !('NS' in b)) || ('BS' in a && !('BS' in b))) return false;
  const [left = [], right = []] = [elementsOf(a), elementsOf(b)];
  const held = new Set(right);
  return left.length === right.length && left.every(element => held.has(element));
}
