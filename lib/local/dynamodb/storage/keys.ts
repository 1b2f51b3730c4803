/** Keys of items as the bytes by which their entries are found and sorted. What a key must be stands in key-rules.ts. */
import { crc32 } from 'node:zlib';
import { sortableBytes } from '../values/sortable.ts';
import { attributeOf, type Item, type Value } from '../values/value.ts';
import { canBeKey } from './key-rules.ts';
import { position } from './position.ts';
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
