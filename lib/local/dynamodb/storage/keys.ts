/** Keys of items as the bytes by which their entries are found and sorted. What a key must be stands in key-rules.ts. */
import { crc32 } from 'node:zlib';
import { readDecimal } from '../values/decimal.ts';
import { attributeOf, type Item, type Value } from '../values/value.ts';
import { canBeKey } from './key-rules.ts';
import { type Index, type KeyAttribute, keyAttributes, type Table } from './table-definition.ts';

/** Where an entry stands: its partition, and its position inside it. */
export interface EntryKey {
  readonly hash: Buffer;
  readonly position: Buffer;
}

/** The partition of a key's value. Its first four bytes spread partitions evenly, which is what parallel scans divide. */
export function hashOf(partition: Value): Buffer {
  const bytes = sortableBytes(partition);
  const spread = Buffer.alloc(4);
  spread.writeUInt32BE(crc32(bytes));
  return Buffer.concat([spread, bytes]);
}

/** Where the item, or any item with this key, stands in its table. */
export function ownEntryKey(table: Table, item: Item): EntryKey {
  const { partition, sort } = table.keys;
  return { hash: hashOf(keyValue(item, partition)), position: positionOf(item, sort ? [sort] : []) };
}

/**
 * Where the item stands in the index; undefined where it lacks a usable key attribute, for an index is sparse. The
 * item's own key ends the position, so items with equal index keys stand side by side.
 */
export function indexEntryKey(table: Table, index: Index, item: Item): EntryKey | undefined {
  const { partition, sort } = index.keys;
  if (!canBeKey(item, index.keys)) return undefined;
  return {
    hash: hashOf(keyValue(item, partition)),
    position: positionOf(item, [...(sort ? [sort] : []), ...keyAttributes(table.keys)]),
  };
}

/** The item's attributes that a key schema names, which it must have. */
export function onlyAttributes(item: Item, schema: readonly KeyAttribute[]): Item {
  return Object.fromEntries(schema.map(key => [key.name, keyValue(item, key)]));
}

function positionOf(item: Item, schema: readonly KeyAttribute[]): Buffer {
  return position(schema.map(key => sortableBytes(keyValue(item, key))));
}

function keyValue(item: Item, { name }: KeyAttribute): Value {
  return attributeOf(item, name) as Value;
}

/**
 * Where an entry stands inside its partition: its key parts joined to one BLOB that sorts as the parts do, one after
 * the other. A zero byte within a part is written 00 FF and each part ends with 00 00, so no part is a prefix of
 * another. Every range of a sort key is then one range of bytes, `low` inclusive and `high` exclusive.
 */
export interface Bounds {
  readonly low: Buffer;
  readonly high: Buffer;
}

/** Greater than any position or partition: a key has at most 2048 bytes, and those that are zero do not begin with FF. */
export const BEYOND_ALL = Buffer.alloc(2200, 0xff);

export const EVERYTHING: Bounds = { low: Buffer.alloc(0), high: BEYOND_ALL };

const END = Buffer.of(0, 0);
const AFTER_END = Buffer.of(0, 1);

/** The position made of these parts. */
function position(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap(part => [escaped(part), END]));
}

/** The first bytes that a position whose first part is `part` can have. */
export function startOf(part: Buffer): Buffer {
  return Buffer.concat([escaped(part), END]);
}

/** The first bytes after all positions whose first part is `part`. */
export function afterPart(part: Buffer): Buffer {
  return Buffer.concat([escaped(part), AFTER_END]);
}

/** The bounds of the positions whose first part begins with `prefix`. */
export function beginningWith(prefix: Buffer): Bounds {
  const low = escaped(prefix);
  let length = low.length;
  while (length > 0 && low[length - 1] === 0xff) length--;
  if (length === 0) return { low, high: BEYOND_ALL };
  const high = Buffer.from(low.subarray(0, length));
  high[length - 1] = (high[length - 1] as number) + 1;
  return { low, high };
}

/** The bytes directly after `bytes` in their order. */
export function successor(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.of(0)]);
}

/** The later of two lower bounds. */
export function later(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) < 0 ? b : a;
}

/** The earlier of two upper bounds. */
export function earlier(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) < 0 ? a : b;
}

function escaped(part: Buffer): Buffer {
  if (!part.includes(0)) return part;
  return Buffer.from([...part].flatMap(byte => (byte === 0 ? [0, 255] : [byte])));
}

// Keys as bytes whose order is DynamoDB's order, so that SQLite's BLOB order sorts and bounds them: strings in UTF-8,
// binary as it is, numbers as sign, exponent and digits.

const SIGN_NEGATIVE = 0;
const SIGN_ZERO = 1;
const SIGN_POSITIVE = 2;
/** So that the smallest magnitude, 0.1E-129, has the exponent byte 0 and the largest, 0.9E+126, 255. */
const EXPONENT_BIAS = 129;

/** The bytes of a string, number or binary value. */
export function sortableBytes(value: Value): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  if ('N' in value) return sortableNumber(value.N);
  throw new Error('only strings, numbers and binary are keys');
}

/** Two digits to a byte. A negative number is the complement of its opposite, with a last 0xff to put -12 after -12.5. */
function sortableNumber(text: string): Buffer {
  const { coefficient, exponent } = readDecimal(text);
  if (coefficient === 0n) return Buffer.of(SIGN_ZERO);
  const negative = coefficient < 0n;
  const digits = String(negative ? -coefficient : coefficient);
  const bytes = [exponent + digits.length + EXPONENT_BIAS];
  for (let i = 0; i < digits.length; i += 2) bytes.push(Number(digits.slice(i, i + 2).padEnd(2, '0')) + 1);
  return negative
    ? Buffer.of(SIGN_NEGATIVE, ...bytes.map(byte => 255 - byte), 255)
    : Buffer.of(SIGN_POSITIVE, ...bytes);
}
