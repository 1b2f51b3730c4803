/** The partitions of a table, as its objects' keys show them. Pure. */
import type { CatalogTable } from '../glue/catalog.ts';
import { projects } from '../glue/projection.ts';
import type { StoredObject } from '../s3/stored-objects.ts';

export interface Partition {
  /** Of the partition keys, in their order, as text. */
  readonly values: readonly string[];
  /** Of the keys of its objects. */
  readonly prefix: string;
  readonly objects: readonly StoredObject[];
}

/** The prefix of the keys of all partitions. */
export function listedPrefix({ prefix, projection }: CatalogTable): string {
  return projection ? projection.template.slice(0, projection.template.indexOf('${')) : prefix;
}

/** Partitions that have objects; a table without partition keys is one partition. `now` is in epoch ms. */
export function partitionsOf(table: CatalogTable, objects: readonly StoredObject[], now: number): readonly Partition[] {
  const found = new Map<string, { values: readonly string[]; objects: StoredObject[] }>();
  const pattern = patternOf(table);
  for (const object of objects.filter(isData)) {
    const [prefix, ...texts] = pattern.exec(object.key) ?? [];
    if (prefix === undefined) continue;
    const values = valuesOf(table, texts, now);
    if (!values) continue;
    const partition = found.get(prefix) ?? { values, objects: [] };
    partition.objects.push(object);
    found.set(prefix, partition);
  }
  return [...found].map(([prefix, { values, objects }]) => ({ values, prefix, objects }));
}

/** Athena passes over objects whose name begins with `_` or `.`, and over empty ones. */
function isData({ key, size }: StoredObject): boolean {
  return size > 0 && !/^[_.]/.test(key.slice(key.lastIndexOf('/') + 1));
}

/** Matches the prefix of a partition, with a group for each value in the order of the template. */
function patternOf(table: CatalogTable): RegExp {
  const { prefix, partitionKeys, projection } = table;
  const hive = `${prefix}${partitionKeys.map(({ name }) => `${name}=\${${name}}/`).join('')}`;
  const template = projection?.template ?? hive;
  const source = template.split(/\$\{[^}]*\}/).map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('([^/]+)')}`);
}

/** The values in the order of the partition keys; undefined where the projection has no such partition. */
function valuesOf({ partitionKeys, projection }: CatalogTable, texts: readonly string[], now: number) {
  const names = partitionKeys.map(({ name }) => name);
  if (!projection) return texts.map(decoded);
  const order = [...projection.template.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  const values = names.map(name => texts[order.indexOf(name)] ?? '');
  // A template may name a column more than once: then it is one value.
  if (order.some((name, n) => texts[n] !== values[names.indexOf(name)])) return undefined;
  const projected = names.every((name, n) => {
    const column = projection.columns[name];
    return column !== undefined && projects(column, values[n] ?? '', now);
  });
  return projected ? values : undefined;
}

/** Hive writes what a directory's name cannot hold as `%2F`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
