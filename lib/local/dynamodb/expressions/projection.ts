import type { Item, Value } from '../values/value.ts';
import { ExpressionReader } from './expression-reader.ts';
import { member, type Path, refuseOverlap } from './path.ts';
import type { Placeholders } from './placeholders.ts';

/** Reads a ProjectionExpression: the paths it asks for, none of which overlaps another. */
export function readProjection(expression: string, placeholders: Placeholders): readonly Path[] {
  const reader = new ExpressionReader(expression, 'ProjectionExpression', placeholders);
  const paths = [reader.path()];
  while (reader.accept(',')) paths.push(reader.path());
  reader.end();
  refuseOverlap(paths, reader.label);
  return paths;
}

/** The item with only what the paths reach, nested as it was; list elements close up, in their order. */
export function project(item: Item, paths: readonly Path[]): Item {
  const projected = pick({ M: item }, paths);
  return projected && 'M' in projected ? projected.M : {};
}

function pick(value: Value, paths: readonly (readonly (string | number)[])[]): Value | undefined {
  if (paths.some(path => path.length === 0)) return value;
  const rests = new Map<string | number, (readonly (string | number)[])[]>();
  for (const [step, ...rest] of paths) {
    if (step !== undefined) rests.set(step, [...(rests.get(step) ?? []), rest]);
  }
  const picked = [...rests].flatMap(([step, rest]) => {
    const found = member(value, step);
    const part = found && pick(found, rest);
    return part === undefined ? [] : [{ step, part }];
  });
  if (picked.length === 0) return undefined;
  if ('M' in value) return { M: Object.fromEntries(picked.map(({ step, part }) => [step, part])) };
  return { L: picked.sort((a, b) => Number(a.step) - Number(b.step)).map(({ part }) => part) };
}
