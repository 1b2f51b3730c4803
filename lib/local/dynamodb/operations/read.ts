/** A read of one item by its key, as GetItem, BatchGetItem and TransactGetItems make them. */
import type { Path } from '../expressions/path.ts';
import { project, readProjection } from '../expressions/projection.ts';
import { type Input, optionalTextIn } from '../input.ts';
import { checkKey } from '../storage/key-rules.ts';
import { ownEntryKey } from '../storage/keys.ts';
import type { Table } from '../storage/table-definition.ts';
import { readItem } from '../values/read-value.ts';
import { attributeOf, type Item } from '../values/value.ts';
import { type Call, openTable, placeholdersIn, type Stores } from './operation.ts';

export interface Read {
  readonly table: Table;
  readonly key: Item;
  readonly projection: readonly Path[] | undefined;
}

export interface Found {
  /** Undefined where there is no item with this key. */
  readonly item: Item | undefined;
  /** Bytes of the whole item, which is what a read costs. */
  readonly size: number;
}

/** Reads which item is wanted; `key` is as on the wire. */
export function readOf(
  call: Call,
  wanted: { action: string; table: string; key: Input; projection: readonly Path[] | undefined },
): Read {
  const key = readItem(wanted.key);
  const table = openTable(call, wanted.action, wanted.table, {
    partition: ({ partition }) => attributeOf(key, partition.name),
  });
  checkKey(table, key);
  return { table, key, projection: wanted.projection };
}

/** The paths of a request's ProjectionExpression; undefined where it has none. */
export function projectionIn(input: Input): readonly Path[] | undefined {
  const placeholders = placeholdersIn(input, ['ProjectionExpression']);
  const expression = optionalTextIn(input, 'ProjectionExpression');
  const paths = expression === undefined ? undefined : readProjection(expression, placeholders);
  placeholders.finish();
  return paths;
}

export function find({ items }: Stores, { table, key, projection }: Read): Found {
  const found = items.get(table.collection, ownEntryKey(table, key));
  if (!found) return { item: undefined, size: 0 };
  return { item: projection ? project(found.item, projection) : found.item, size: found.size };
}
