/** What a key must be: its attributes are there, in the schema's kind, not empty, and not too long. */
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item, kindOf, scalarOf, valueSize } from '../values/value.ts';
import { type KeyAttribute, type KeySchema, keyAttributes, type Table } from './table-definition.ts';

const LONGEST_PARTITION_BYTES = 2048;
const LONGEST_SORT_BYTES = 1024;
const INVALID = 'One or more parameter values were invalid:';
const NOT_VALID = 'One or more parameter values are not valid.';
const EMPTY = 'The AttributeValue for a key attribute cannot contain an empty string value.';

/** Refuses an item without the table's key, or with a wrong one. */
export function checkKeyIn(table: Table, item: Item): void {
  for (const { name, kind } of keyAttributes(table.keys)) {
    const value = attributeOf(item, name);
    if (value === undefined) refuse(`${INVALID} Missing the key ${name} in the item`);
    if (kindOf(value) !== kind) {
      refuse(`${INVALID} Type mismatch for key ${name} expected: ${kind} actual: ${kindOf(value)}`);
    }
    if (scalarOf(value) === '') refuse(`${NOT_VALID} ${EMPTY} Key: ${name}`);
  }
  const fault = tooLong(item, table.keys);
  if (fault) refuse(fault);
}

/** Refuses a key that has not exactly the attributes of the table's key. */
export function checkKey(table: Table, key: Item): void {
  const schema = keyAttributes(table.keys);
  const fits = schema.every(attribute => hasKind(key, attribute));
  if (!fits || Object.keys(key).length !== schema.length) {
    refuse('The provided key element does not match the schema');
  }
  checkKeyIn(table, key);
}

/** Refuses an item that has an attribute which an index cannot take as its key. */
export function checkIndexKeys(table: Table, item: Item): void {
  for (const index of table.indexes) {
    for (const { name, kind } of keyAttributes(index.keys)) {
      const value = attributeOf(item, name);
      if (value === undefined) continue;
      if (kindOf(value) !== kind) {
        const mismatch = `Type mismatch for Index Key ${name} Expected: ${kind} Actual: ${kindOf(value)}`;
        refuse(`${INVALID} ${mismatch} IndexName: ${index.name}`);
      }
      if (scalarOf(value) === '') {
        const unsupported = 'A value specified for a secondary index key is not supported.';
        refuse(`${NOT_VALID} ${unsupported} ${EMPTY} IndexName: ${index.name}, IndexKey: ${name}`);
      }
    }
    const fault = tooLong(item, index.keys);
    if (fault) refuse(fault);
  }
}

/** Whether the item's attributes can be this key; an index does not hold an item of which they cannot. */
export function canBeKey(item: Item, keys: KeySchema): boolean {
  return (
    keyAttributes(keys).every(key => hasKind(item, key) && !isEmpty(item, key)) && tooLong(item, keys) === undefined
  );
}

function hasKind(item: Item, { name, kind }: KeyAttribute): boolean {
  const value = attributeOf(item, name);
  return value !== undefined && kindOf(value) === kind;
}

function isEmpty(item: Item, { name }: KeyAttribute): boolean {
  const value = attributeOf(item, name);
  return value !== undefined && scalarOf(value) === '';
}

function tooLong(item: Item, { partition, sort }: KeySchema): string | undefined {
  const limits = [
    { key: partition, limit: LONGEST_PARTITION_BYTES, role: 'hashkey' },
    { key: sort, limit: LONGEST_SORT_BYTES, role: 'rangekey' },
  ];
  for (const { key, limit, role } of limits) {
    const value = key && attributeOf(item, key.name);
    if (value && valueSize(value) > limit) {
      return `${INVALID} Size of ${role} has exceeded the maximum size limit of${limit} bytes`;
    }
  }
  return undefined;
}
