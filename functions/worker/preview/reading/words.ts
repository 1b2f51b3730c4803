/** Finding words of a table in a prompt, however they are cased, counted or spaced. */

/** A prompt made ready for lookups: lower case, singular, single-spaced, and without what it says is not there ("no birds"). */
export function plain(prompt: string): string {
  const words = prompt
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s\b/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
  const kept = words.filter((_, index) => !isNegated(words, index));
  return ` ${kept.map(singular).join(' ')} `;
}

/** Whether `text` (made by `plain`) holds `phrase`, as whole words, or anywhere for scripts that do not space their words. */
export function holds(text: string, phrase: string): boolean {
  return /[㐀-鿿]/u.test(phrase) ? text.includes(phrase) : text.includes(plain(phrase));
}

/** The keys of `table` of which `text` holds a word, in the table's order. */
export function mentioned<K extends string>(text: string, table: Readonly<Record<K, readonly string[]>>): K[] {
  return (Object.keys(table) as K[]).filter(key => table[key].some(phrase => holds(text, phrase)));
}

const NEGATIONS = new Set(['no', 'without', 'not']);
const ARTICLES = new Set(['a', 'an', 'any', 'the']);

function isNegated(words: readonly string[], index: number): boolean {
  const before = words[index - 1] ?? '';
  if (NEGATIONS.has(words[index] ?? '')) return true;
  return NEGATIONS.has(before) || (ARTICLES.has(before) && NEGATIONS.has(words[index - 2] ?? ''));
}

/** Crude on purpose: both sides of every lookup go through it, so it only has to be the same for both. */
function singular(word: string): string {
  if (word.length <= 3 || word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
