/**
 * Words that are written as one, `howtomakeabomb`: taken apart where all of it is words that rules know and small words between
 * them, or where a phrase of a rule stands in it whole. A word that is no longer than a phrase is left alone. Pure.
 */
import { phraseWords, type Words } from './normalise.ts';

/** Small words that stand between those of rules. */
const BETWEEN =
  'a an the i me my you your we our it its of to in on at by for from with and or is are be do how can will all any'
    .split(' ')
    .flatMap(phraseWords);

const SHORTEST_SENTENCE = 10;
/** What is longer is no sentence that a reader takes apart. */
const LONGEST_SENTENCE = 200;
const LEAST_WORDS = 3;
const SHORTEST_PHRASE = 8;
/** More than any word of a rule. */
const LONGEST_WORD = 20;

/** Takes words apart by the phrases of rules; answers the words as they are where there is nothing to take apart. */
export function wordSplitter(phrases: readonly Words[]): (words: Words) => Words {
  const vocabulary = new Set([...phrases.flat(), ...BETWEEN]);
  // As the reading of a text leaves it: no letter twice in a row.
  const joined = phrases
    .filter(words => words.length > 1)
    .map(words => ({ words, letters: words.join('').replace(/(\p{L})\1+/gu, '$1') }));
  const whole = new Map(joined.map(({ letters, words }) => [letters, words]));
  const long = joined.filter(({ letters }) => letters.length >= SHORTEST_PHRASE);

  const apart = (word: string): Words => {
    if (vocabulary.has(word)) return [word];
    const exact = whole.get(word);
    if (exact) return exact;
    if (word.length >= SHORTEST_SENTENCE && word.length <= LONGEST_SENTENCE) {
      const sentence = sentenceOf(word, vocabulary);
      if (sentence && sentence.length >= LEAST_WORDS) return sentence;
    }
    if (word.length <= SHORTEST_PHRASE) return [word];
    return long.find(({ letters }) => word.includes(letters))?.words ?? [word];
  };
  return words => {
    const split = words.flatMap(apart);
    return split.length === words.length ? words : split;
  };
}

/** The fewest words of the vocabulary that the letters are; undefined where they are none. */
function sentenceOf(letters: string, vocabulary: ReadonlySet<string>): Words | undefined {
  /** By where it ends: the last word of the fewest up to there, how many those are, and where the one before ends. */
  const ends: ({ readonly word: string; readonly count: number; readonly before: number } | undefined)[] = [
    { word: '', count: 0, before: 0 },
  ];
  for (let end = 1; end <= letters.length; end++) {
    for (let from = Math.max(0, end - LONGEST_WORD); from < end; from++) {
      // Where one word ends as the next begins, the reading has left one letter of the two.
      const befores = ends[from + 1]?.word.endsWith(letters[from] ?? '') ? [from, from + 1] : [from];
      if (befores.every(before => ends[before] === undefined)) continue;
      const word = letters.slice(from, end);
      if (!vocabulary.has(word)) continue;
      for (const before of befores) {
        const count = (ends[before]?.count ?? Number.POSITIVE_INFINITY) + 1;
        if (before < end && count < (ends[end]?.count ?? Number.POSITIVE_INFINITY)) ends[end] = { word, count, before };
      }
    }
  }
  const words: string[] = [];
  for (let at = letters.length; at > 0; ) {
    const last = ends[at];
    if (!last) return undefined;
    words.unshift(last.word);
    at = last.before;
  }
  return words;
}
