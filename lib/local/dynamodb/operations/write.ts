/**
 * A write of one item, read from a request but not yet done. Single writes, batches and transactions all make these and
 * then `perform` them inside a SQLite transaction, so a condition and the change that it guards are one step.
 */
import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { type Condition, holds, readCondition } from '../expressions/condition.ts';
import type { Path } from '../expressions/path.ts';
import { applyUpdate, changedPaths, readUpdate, stores } from '../expressions/update.ts';
import { changeItem } from '../storage/change-item.ts';
import type { StoredItem } from '../storage/item-store.ts';
import { checkKey, checkKeyIn } from '../storage/key-rules.ts';
import { onlyAttributes, ownEntryKey } from '../storage/keys.ts';
import { keyAttributes, type Table } from '../storage/table-definition.ts';
import { readItem, type Wire } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item } from '../values/value.ts';
import { type Call, map, openTable, PLACEHOLDERS, placeholdersIn, type Stores } from './operation.ts';

const GUARDED = {
  TableName: z.string(),
  ConditionExpression: z.string().optional(),
  ...PLACEHOLDERS,
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
};
/** The members of each kind of write, in an operation of its own as in a transaction. */
export const PUT = { ...GUARDED, Item: map };
export const UPDATE = { ...GUARDED, Key: map, UpdateExpression: z.string().optional() };
export const DELETE = { ...GUARDED, Key: map };
export const CHECK = { ...DELETE, ConditionExpression: z.string() };

type InputOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

export interface Write {
  readonly table: Table;
  readonly key: Item;
  readonly condition: Condition | undefined;
  /** Whether a failed condition's error carries the item. */
  readonly returnsItem: boolean;
  /** The paths that an update changes. */
  readonly changes: readonly Path[];
  /** The item after the write; undefined where there is then none. */
  next(before: Item | undefined): Item | undefined;
}

export interface Outcome {
  readonly before: StoredItem | undefined;
  readonly after: Item | undefined;
}

/** Reads a put, as in PutItem. `action` is what the caller must be allowed. */
export function readPut(call: Call, input: InputOf<typeof PUT>, action = 'PutItem'): Write {
  const item = readItem(input.Item);
  const table = openTable(call, action, input.TableName, {
    partition: ({ partition }) => attributeOf(item, partition.name),
  });
  checkKeyIn(table, item);
  const key = onlyAttributes(item, keyAttributes(table.keys));
  return { table, key, ...conditionIn(input), changes: [], next: () => item };
}

/** Reads a delete, as in DeleteItem. */
export function readDelete(call: Call, input: InputOf<typeof DELETE>, action = 'DeleteItem'): Write {
  return { ...keyIn(call, input, action), ...conditionIn(input), changes: [], next: () => undefined };
}

/** Reads a condition on an item that is not written. */
export function readCheck(call: Call, input: InputOf<typeof CHECK>): Write {
  return { ...keyIn(call, input, 'ConditionCheckItem'), ...conditionIn(input), changes: [], next: before => before };
}

/** Reads an update, as in UpdateItem. An item that is not there begins as its key alone, where anything is stored in it. */
export function readUpdateWrite(call: Call, input: InputOf<typeof UPDATE>): Write {
  const { table, key } = keyIn(call, input, 'UpdateItem');
  const placeholders = placeholdersIn(input, ['UpdateExpression', 'ConditionExpression']);
  const { UpdateExpression: expression, ConditionExpression: condition } = input;
  const update = expression === undefined ? undefined : readUpdate(expression, placeholders);
  const changes = update ? changedPaths(update) : [];
  const guard = condition === undefined ? undefined : readCondition(condition, 'ConditionExpression', placeholders);
  placeholders.finish();
  const changedKey = changes.find(([name]) => keyAttributes(table.keys).some(attribute => attribute.name === name));
  if (changedKey) {
    refuse(
      `One or more parameter values were invalid: Cannot update attribute ${changedKey[0]}. This attribute is part of the key`,
    );
  }
  return {
    table,
    key,
    condition: guard,
    returnsItem: returnsItemIn(input),
    changes,
    next: before => {
      if (!update) return before ?? key;
      return before || stores(update) ? applyUpdate(update, before ?? key) : undefined;
    },
  };
}

/** Does the write; ConditionalCheckFailedException where its condition does not hold. Inside a transaction. */
export function perform({ items, streams }: Stores, write: Write): Outcome {
  const { table, key, condition } = write;
  const before = items.get(table.collection, ownEntryKey(table, key));
  if (condition && !holds(condition, before?.item)) {
    const detail = write.returnsItem && before ? { Item: before.item } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, detail);
  }
  const after = write.next(before?.item);
  if (after !== before?.item) changeItem(items, streams, table, { before, after });
  return { before, after };
}

function keyIn(call: Call, input: { TableName: string; Key: Wire }, action: string): { table: Table; key: Item } {
  const key = readItem(input.Key);
  const table = openTable(call, action, input.TableName, {
    partition: ({ partition }) => attributeOf(key, partition.name),
  });
  checkKey(table, key);
  return { table, key };
}

function conditionIn(input: InputOf<typeof GUARDED>): { condition: Condition | undefined; returnsItem: boolean } {
  const placeholders = placeholdersIn(input, ['ConditionExpression']);
  const { ConditionExpression: expression } = input;
  const condition =
    expression === undefined ? undefined : readCondition(expression, 'ConditionExpression', placeholders);
  placeholders.finish();
  return { condition, returnsItem: returnsItemIn(input) };
}

function returnsItemIn(input: InputOf<typeof GUARDED>): boolean {
  return input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
}
