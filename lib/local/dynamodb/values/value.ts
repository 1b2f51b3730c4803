/**
 * An attribute's value, in the wire's own form and always canonical: a number has its one text, binary its one base64.
 * So equal scalars are equal strings. Values are never changed in place: an old image may still be in use.
 */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly Value[] }
  | { readonly M: Item };

/** Attributes by name. */
export interface Item {
  readonly [name: string]: Value;
}

export const KINDS = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(value: Value): Kind {
  for (const kind in value) return kind as Kind;
  throw new Error('a value without a kind');
}

/** The attribute of that name. A name such as `constructor` is a name like any other. */
export function attributeOf(item: Item | undefined, name: string): Value | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The text of a string, number or binary; undefined for other kinds. */
export function scalarOf(value: Value): string | undefined {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  if ('B' in value) return value.B;
  return undefined;
}

/** The elements of a set; undefined for other kinds. */
export function elementsOf(value: Value): readonly string[] | undefined {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  if ('BS' in value) return value.BS;
  return undefined;
}

/** A set of the same kind as `like`, with these elements. */
export function setLike(like: Value, elements: readonly string[]): Value {
  if ('SS' in like) return { SS: elements };
  if ('NS' in like) return { NS: elements };
  return { BS: elements };
}
