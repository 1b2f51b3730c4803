import { attributeOf, type Item } from '../values/value.ts';
import { type Index, keyAttributes, type Table } from './table-definition.ts';

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
