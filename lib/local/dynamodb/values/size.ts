/**
 * What DynamoDB counts as an item's size in bytes: names and strings in UTF-8, binary in raw bytes, a number about one
 * byte for two digits, 1 for a boolean or null, 3 more for a list or map and 1 for each of its members.
 */
import { elementsOf, type Item, type Value } from './value.ts';

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
