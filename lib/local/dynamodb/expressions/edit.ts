import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item, type Value } from '../values/value.ts';
import type { Path } from './path.ts';

const WRONG_PATH = 'The document path provided in the update expression is invalid for update';

/**
 * A copy of the item with `value` at `path`, or without what was there where `value` is undefined. Everything above
 * the path's last step must exist and be of the right kind; a list index beyond the end appends.
 */
export function editAt(item: Item, path: Path, value: Value | undefined): Item {
  return editMap(item, path, value);
}

function editMap(map: Item, path: readonly (string | number)[], value: Value | undefined): Item {
  const [name, ...rest] = path;
  if (typeof name !== 'string') refuse(WRONG_PATH);
  const next = rest.length === 0 ? value : editInside(attributeOf(map, name), rest, value);
  if (next !== undefined) return { ...map, [name]: next };
  const { [name]: _gone, ...others } = map;
  return others;
}

function editInside(container: Value | undefined, path: readonly (string | number)[], value: Value | undefined): Value {
  if (container && 'M' in container) return { M: editMap(container.M, path, value) };
  if (container && 'L' in container) return { L: editList(container.L, path, value) };
  return refuse(WRONG_PATH);
}

function editList(
  list: readonly Value[],
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Value[] {
  const [index, ...rest] = path;
  if (typeof index !== 'number') refuse(WRONG_PATH);
  if (rest.length > 0) return list.with(checked(index, list), editInside(list[index], rest, value));
  if (value === undefined) return list.filter((_, i) => i !== index);
  return index < list.length ? list.with(index, value) : [...list, value];
}

function checked(index: number, list: readonly Value[]): number {
  return index < list.length ? index : refuse(WRONG_PATH);
}
