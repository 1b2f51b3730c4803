/**
 * Event patterns, as far as filters of streams need them: a tree of names whose leaves list what a value may be. A value is
 * matched by itself, `prefix`, `exists` or `anything-but`; another word is refused by name. Pure.
 */

export type Filter = (record: unknown) => boolean;

type Test = (value: unknown) => boolean;

/** Reads a pattern's JSON; throws for what is no pattern, or has a word that is not known. */
export function readFilter(pattern: string): Filter {
  let tree: unknown;
  try {
    tree = JSON.parse(pattern);
  } catch {
    throw new Error('should be the JSON of an event pattern');
  }
  return branch(tree, []);
}

/** Every name of the branch holds. */
function branch(tree: unknown, path: readonly string[]): Test {
  if (!isObject(tree) || Object.keys(tree).length === 0) {
    throw new Error(`${path.join('.') || 'the pattern'} should be an object, or a list of what the value may be`);
  }
  const tests = Object.entries(tree).map(([name, below]) => {
    const here = [...path, name];
    if (name.startsWith('$')) throw new Error(`the local cloud does not know ${here.join('.')}`);
    const test = Array.isArray(below) ? leaf(below, here.join('.')) : branch(below, here);
    return { name, test };
  });
  return value => tests.every(({ name, test }) => test(isObject(value) ? value[name] : undefined));
}

/** Any of the list holds; of a value that is a list itself, for any of its elements. */
function leaf(list: readonly unknown[], path: string): Test {
  if (list.length === 0) throw new Error(`${path} should list what the value may be`);
  const tests = list.map(item => (isObject(item) ? word(item, path) : exactly(item, path)));
  return value => tests.some(test => (Array.isArray(value) ? value.some(test) : test(value)));
}

function exactly(wanted: unknown, path: string): Test {
  if (Array.isArray(wanted)) throw new Error(`${path} should list texts, numbers, truth values or null`);
  return value => value === wanted;
}

function word(item: Readonly<Record<string, unknown>>, path: string): Test {
  const [[name, argument] = ['', undefined], ...more] = Object.entries(item);
  if (more.length === 0 && name === 'exists' && typeof argument === 'boolean') {
    // Only a leaf exists: an object in its place is none.
    return value => (value !== undefined && !isObject(value)) === argument;
  }
  if (more.length === 0 && name === 'prefix' && typeof argument === 'string') return prefix(argument);
  if (more.length === 0 && name === 'anything-but') {
    const tests = [argument].flat().map(other => {
      if (isObject(other)) return typeof other.prefix === 'string' ? prefix(other.prefix) : unknownWord(other, path);
      return exactly(other, path);
    });
    return value => value !== undefined && !tests.some(test => test(value));
  }
  return unknownWord(item, path);
}

function prefix(begin: string): Test {
  return value => typeof value === 'string' && value.startsWith(begin);
}

function unknownWord(item: object, path: string): never {
  throw new Error(
    `${path}: the local cloud knows prefix, exists and anything-but (or anything-but a prefix), not ${JSON.stringify(item)}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
