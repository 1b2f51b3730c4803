import { createHash } from 'node:crypto';
import { attributeOf, type Item } from '../values/value.ts';

/** What a table is made of, whoever asked for it: a template or CreateTable. */
export interface KeyAttribute {
  readonly name: string;
  readonly kind: 'S' | 'N' | 'B';
}

export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

export interface IndexDefinition {
  readonly name: string;
  readonly keys: KeySchema;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** The non-key attributes of an INCLUDE projection. */
  readonly included: readonly string[];
}

export const STREAM_VIEWS = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const;
export type StreamView = (typeof STREAM_VIEWS)[number];

export interface TableDefinition {
  readonly name: string;
  readonly keys: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  /** The attribute with the time, in epoch seconds, after which an item is deleted. */
  readonly timeToLive: string | undefined;
  readonly streamView: StreamView | undefined;
  /** Accepted for Describe: this engine never throttles and keeps no backups. */
  readonly billingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly tableClass: string | undefined;
  /** The type of server-side encryption that was asked for, such as `KMS`. */
  readonly encryption: string | undefined;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** An index with the number of its collection of entries. */
export interface Index extends IndexDefinition {
  readonly collection: number;
}

export interface Table extends TableDefinition {
  readonly id: number;
  /** The number of the collection of entries in which its own keys stand. */
  readonly collection: number;
  readonly indexes: readonly Index[];
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The key attributes, the partition key first. */
export function keyAttributes({ partition, sort }: KeySchema): readonly KeyAttribute[] {
  return sort ? [partition, sort] : [partition];
}

/** Whether two schemas name the same attributes with the same kinds. */
export function sameKeys(a: KeySchema, b: KeySchema): boolean {
  return JSON.stringify(keyAttributes(a)) === JSON.stringify(keyAttributes(b));
}

/** A table's id, in the form of a UUID: the same for the same table at every start. */
export function tableIdOf(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The attributes of the item that the index holds. */
export function projectedTo(table: Table, index: Index, item: Item): Item {
  const names = projectedNames(table, index);
  if (!names) return item;
  return Object.fromEntries(
    [...names].flatMap(name => {
      const value = attributeOf(item, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The names of the attributes that the index can hold; undefined where it holds all. */
export function projectedNames(table: Table, index: Index): ReadonlySet<string> | undefined {
  if (index.projection === 'ALL') return undefined;
  const keys = [...keyAttributes(index.keys), ...keyAttributes(table.keys)].map(({ name }) => name);
  return new Set([...keys, ...(index.projection === 'INCLUDE' ? index.included : [])]);
}
