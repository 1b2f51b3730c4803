/** Document paths: a top-level attribute, then names of map members and indexes of list elements. */
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item, type Value } from '../values/value.ts';

export type Path = readonly [string, ...(string | number)[]];

/** The value at `path`; undefined where there is none. */
export function valueAt(item: Item | undefined, path: Path): Value | undefined {
  let value = attributeOf(item, path[0]);
  for (let i = 1; i < path.length && value !== undefined; i++) value = member(value, path[i] as string | number);
  return value;
}

/** The named member of a map, or the element of a list; undefined where there is none. */
export function member(value: Value, step: string | number): Value | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attributeOf(value.M, step) : undefined;
}

/** An order of paths in which the elements of one list stand by their indexes. */
export function comparePaths(a: Path, b: Path): number {
  const at = a.findIndex((step, i) => step !== b[i]);
  const [left, right] = [a[at], b[at]];
  if (left === undefined || right === undefined) return a.length - b.length;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}

/** The path as AWS writes it in messages. */
export function pathText(path: Path): string {
  return `[${path.map(step => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** Refuses two paths of one expression where one holds the other, or where they disagree on a map or a list. */
export function refuseOverlap(paths: readonly Path[], label: string): void {
  for (const [i, one] of paths.entries()) {
    for (const two of paths.slice(i + 1)) {
      const fault = faultOf(one, two);
      if (fault) {
        refuse(
          `Invalid ${label}: Two document paths ${fault} with each other; must remove or rewrite one of these paths; ` +
            `path one: ${pathText(one)}, path two: ${pathText(two)}`,
        );
      }
    }
  }
}

function faultOf(one: Path, two: Path): 'overlap' | 'conflict' | undefined {
  const shared = Math.min(one.length, two.length);
  for (let i = 0; i < shared; i++) {
    if (one[i] === two[i]) continue;
    return typeof one[i] === typeof two[i] ? undefined : 'conflict';
  }
  return 'overlap';
}
