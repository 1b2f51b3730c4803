import type { Input } from '../input.ts';
import { ownEntryKey } from '../storage/keys.ts';
import type { Table } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import type { Item } from '../values/value.ts';

/** What took the place of each parameter from before expressions. */
const LEGACY: Readonly<Record<string, string>> = {
  Expected: 'ConditionExpression',
  ConditionalOperator: 'ConditionExpression or FilterExpression',
  AttributeUpdates: 'UpdateExpression',
  AttributesToGet: 'ProjectionExpression',
  KeyConditions: 'KeyConditionExpression',
  QueryFilter: 'FilterExpression',
  ScanFilter: 'FilterExpression',
};

/** Refuses, by name, any member of the input that is not among the allowed ones. `where` says what the input is. */
export function onlyMembers(input: Input, where: string, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || allowed.includes(name)) continue;
    const instead = Object.hasOwn(LEGACY, name) ? `; use ${LEGACY[name]} instead of this legacy parameter` : '';
    refuse(`${name} is not supported in ${where}${instead}`);
  }
}

/** Refuses two operations on one item. */
export function refuseSameItem(operations: readonly { table: Table; key: Item }[], message: string): void {
  const items = operations.map(({ table, key }) => {
    const { hash, position } = ownEntryKey(table, key);
    return `${table.id} ${hash.toString('hex')} ${position.toString('hex')}`;
  });
  if (new Set(items).size < items.length) refuse(message);
}
