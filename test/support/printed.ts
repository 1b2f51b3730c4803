/**
 * Holds what was printed against what a page says. `...` (or `…`) stands for anything; what differs from day to day and
 * from machine to machine (ids, times, addresses, sizes) may, and all else is as it is written: members, words, small numbers.
 */

const WILD = /\.\.\.|…/;
/** From here on a number is an id, a moment or a count of bytes. */
const SMALLEST_LOOSE = 10_000;

/** What stands on the page for what it was here: ids, keys and links, for the commands that come after. */
export type Learned = Map<string, string>;

/** What is wrong; undefined where nothing is. */
export function misprint(page: string, printed: string, learned: Learned = new Map()): string | undefined {
  const wanted = /^\s*[{[]/.test(page) ? looseJson(page) : undefined;
  if (wanted === undefined) return wrongText(page.trim(), printed.trim());
  let actual: unknown;
  try {
    actual = JSON.parse(printed);
  } catch {
    return `no JSON was printed: ${printed.slice(0, 500)}`;
  }
  return wrongValue(wanted.value, actual, '', learned);
}

/** JSON in which `...` stands for members, items or a value. */
function looseJson(text: string): { value: unknown } | undefined {
  const within: string[] = [];
  let before = '';
  const strict = text.replace(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|\.\.\.|…/g, token => {
    const last = before;
    before = token;
    if (token === '{' || token === '[') within.push(token);
    else if (token === '}' || token === ']') within.pop();
    else if (WILD.test(token) && !token.startsWith('"'))
      return within.at(-1) === '{' && last !== ':' ? '"...":0' : '"..."';
    return token;
  });
  try {
    return { value: JSON.parse(strict) };
  } catch {
    return undefined;
  }
}

function wrongValue(wanted: unknown, actual: unknown, at: string, learned: Learned): string | undefined {
  const here = at === '' ? 'it' : at;
  if (wanted === '...') return undefined;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual)) return `${here} is no list`;
    const open = wanted.indexOf('...');
    const items = wanted.filter(item => item !== '...');
    if (open < 0 ? items.length !== actual.length : items.length > actual.length)
      return `${here} has ${actual.length} items, not ${items.length}`;
    // Behind a gap the last ones are meant.
    return first(items, (item, index) => {
      const place = open >= 0 && index >= open ? actual.length - items.length + index : index;
      return wrongValue(item, actual[place], `${at}[${place}]`, learned);
    });
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null) return `${here} is no object: ${JSON.stringify(actual)}`;
    const names = Object.keys(wanted).filter(name => name !== '...');
    const missing = names.find(name => !Object.hasOwn(actual, name));
    if (missing !== undefined) return `${here} has no ${missing}: ${JSON.stringify(actual).slice(0, 500)}`;
    const more = Object.keys(actual).find(name => !names.includes(name));
    if (more !== undefined && !Object.hasOwn(wanted, '...')) return `${here} also has ${more}`;
    return first(names, name =>
      wrongValue(Reflect.get(wanted, name), Reflect.get(actual, name), `${at}.${name}`, learned),
    );
  }
  const wrong = typeof wanted !== typeof actual || !alike(wanted, actual);
  if (wrong) return `${here} is ${JSON.stringify(actual)}, and the page has ${JSON.stringify(wanted)}`;
  if (wanted !== actual && String(wanted).length > 7) learned.set(String(wanted), String(actual));
  return undefined;
}

function alike(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted === 'number') return wanted === actual || Math.min(wanted, Number(actual)) >= SMALLEST_LOOSE;
  if (typeof wanted !== 'string') return wanted === actual;
  return wrongText(wanted, String(actual)) === undefined;
}

function first<Item>(
  items: readonly Item[],
  wrong: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = wrong(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Of a text: what varies. The longest of these that stands at a place counts. */
const LOOSE: readonly (readonly [RegExp, string])[] = [
  // A key or its hint, or an id with its prefix.
  [/mut_[A-Za-z0-9]+…[A-Za-z0-9]+/, 'mut_[A-Za-z0-9]+…[A-Za-z0-9]+'],
  [/mut_[A-Za-z0-9]+/, 'mut_[A-Za-z0-9]+'],
  [/[a-z]{2,6}_(?=[A-Za-z]*\d)[A-Za-z0-9]{8,}/, ''],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, '[0-9a-f-]{36}'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/, '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z'],
  [/\d{4}-\d\d-\d\d/, '\\d{4}-\\d\\d-\\d\\d'],
  [/127\.0\.0\.1:\d+/, '127\\.0\\.0\\.1:\\d+'],
  [/\d+(?:\.\d+)? (?:ms|s|%)/, ''],
  [/\d{5,}/, '\\d{5,}'],
];

function wrongText(wanted: string, actual: string): string | undefined {
  const any = new RegExp(`${WILD.source}|${LOOSE.map(([pattern]) => pattern.source).join('|')}`, 'g');
  let pattern = '';
  let at = 0;
  for (const found of wanted.matchAll(any)) {
    pattern += literally(wanted.slice(at, found.index)) + looselyOf(found[0]);
    at = found.index + found[0].length;
  }
  pattern += literally(wanted.slice(at));
  // How far columns are apart depends on what stands in them.
  const matcher = new RegExp(`^${pattern.replace(/ {2,}/g, ' +')}$`);
  return matcher.test(actual) ? undefined : `printed\n${actual.slice(0, 3000)}\nand the page has\n${wanted}`;
}

function looselyOf(token: string): string {
  if (WILD.test(token) && token.length <= 3) return '[^]*?';
  const [, unit] = /^[\d.]+ (ms|s|%)$/.exec(token) ?? [];
  if (unit !== undefined) return `[\\d.]+ ${unit}`;
  const [, prefix] = /^([a-z]{2,6}_)[A-Za-z0-9]{8,}$/.exec(token) ?? [];
  if (prefix !== undefined && prefix !== 'mut_') return `${prefix}[A-Za-z0-9]+`;
  return LOOSE.find(([pattern]) => new RegExp(`^(?:${pattern.source})$`).test(token))?.[1] ?? literally(token);
}
