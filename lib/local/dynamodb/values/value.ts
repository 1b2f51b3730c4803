import { compareDecimals, readDecimal } from './decimal.ts';
import { refuse } from './refusal.ts';

/**
 * An attribute's value, in the wire's own form and always canonical: a number has its one text, binary its one base64.
 * So equal scalars are equal strings. Values are never changed in place: an old image may still be in use.
 */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly Value[] }
  | { readonly M: Item };

/** Attributes by name. */
export interface Item {
  readonly [name: string]: Value;
}

export const KINDS = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(value: Value): Kind {
  for (const kind in value) return kind as Kind;
  throw new Error('a value without a kind');
}

/** The attribute of that name. A name such as `constructor` is a name like any other. */
export function attributeOf(item: Item | undefined, name: string): Value | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The text of a string, number or binary; undefined for other kinds. */
export function scalarOf(value: Value): string | undefined {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  if ('B' in value) return value.B;
  return undefined;
}

/** The elements of a set; undefined for other kinds. */
export function elementsOf(value: Value): readonly string[] | undefined {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  if ('BS' in value) return value.BS;
  return undefined;
}

/** A set of the same kind as `like`, with these elements. */
export function setLike(like: Value, elements: readonly string[]): Value {
  if ('SS' in like) return { SS: elements };
  if ('NS' in like) return { NS: elements };
  return { BS: elements };
}

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

// What DynamoDB counts as an item's size in bytes: names and strings in UTF-8, binary in raw bytes, a number about one
// byte for two digits, 1 for a boolean or null, 3 more for a list or map and 1 for each of its members.

/** An attribute's value has so many levels, itself the first. */
const DEEPEST_LEVEL = 32;

/** Refuses a value that lies on a level below the deepest. */
export function refuseDeeper(level: number): void {
  if (level <= DEEPEST_LEVEL) return;
  refuse(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

/** How many levels a value has: a scalar or a set one, a map or a list one more than the deepest of its members. */
export function levelsOf(value: Value): number {
  const members = 'M' in value ? Object.values(value.M) : 'L' in value ? value.L : [];
  return members.reduce((deepest, member) => Math.max(deepest, 1 + levelsOf(member)), 1);
}

/** The largest item, in bytes, names included. */
export const LARGEST_ITEM_BYTES = 400 * 1024;

export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueSize(item[name] as Value);
  return size;
}

export function valueSize(value: Value): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if ('L' in value) return value.L.reduce((sum, element) => sum + 1 + valueSize(element), 3);
  if ('SS' in value) return total(value.SS, element => Buffer.byteLength(element));
  if ('NS' in value) return total(value.NS, numberSize);
  return total(value.BS, element => Buffer.byteLength(element, 'base64'));
}

/** What the function `size` of an expression answers; undefined for kinds without a size. */
export function measuredSize(value: Value): number | undefined {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return elementsOf(value)?.length;
}

function numberSize(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function total(elements: readonly string[], size: (element: string) => number): number {
  return elements.reduce((sum, element) => sum + size(element), 0);
}
