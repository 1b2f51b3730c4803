/**
 * The text screener: rules, and no model. It refuses what is plainly asked for, in English and Chinese, however it is
 * spelled; it does not understand. It misses other languages, paraphrase, allusion, names that it does not know, what only
 * several texts together mean, and whatever an image says without words. What it lets through is not thereby
 * allowed: results are still to be screened. Pure: the same text and policy give the same screening.
 */
import { POLICY_VERSION } from '../policy.ts';
import type { Screening } from '../screening.ts';
import { CHINESE } from './chinese.ts';
import { CRIME } from './english-crime.ts';
import { FRAUD } from './english-fraud.ts';
import { PERSONS } from './english-persons.ts';
import { STATE } from './english-state.ts';
import { TERROR_AND_HATRED } from './english-terror.ts';
import { VIOLENCE_AND_SEX } from './english-violence.ts';
import { countedBefore, placesWithoutFillers, withoutFillers } from './filler-words.ts';
import { wordSplitter } from './joined-words.ts';
import { chineseOf, phraseWords, readings, type Words, writtenWords } from './normalise.ts';
import type { TextRule } from './rule.ts';

/** A text and the member that it came in. */
export interface CallerText {
  readonly field: string;
  readonly text: string;
}

/** Of two that fit, the first is named: the gravest are in front. */
export const ENGLISH: readonly TextRule[] = [
  ...VIOLENCE_AND_SEX,
  ...TERROR_AND_HATRED,
  ...STATE,
  ...CRIME,
  ...FRAUD,
  ...PERSONS,
];
export const TEXT_RULES: readonly TextRule[] = [...ENGLISH, ...CHINESE];

const WITHIN = 8;
const UNLESS_WITHIN = 3;
/** How many words may at least stand between phrases where fillers are not counted among them. */
const FILLED_FROM = 4;

/** What a caller wrote, each text by itself; the first that is refused decides. */
export function screenTexts(texts: readonly CallerText[]): Screening {
  for (const { field, text } of texts) {
    const rule = brokenRule(text);
    if (!rule) continue;
    return {
      kind: 'refused',
      category: rule.category,
      rule: rule.id,
      stage: 'prompt',
      field,
      policyVersion: POLICY_VERSION,
      ...(isDisguised(text, rule) && { disguised: true }),
    };
  }
  return { kind: 'clear', policyVersion: POLICY_VERSION };
}

function brokenRule(text: string): TextRule | undefined {
  const chinese = chineseOf(text);
  return (
    englishRule(readings(text)) ??
    (chinese === '' ? undefined : CHINESE.find(rule => breaks(rule, phrase => placesOf(chinese, phrase))))
  );
}

/** Whether what the rule found is spelled so that only a person would read it: as it is written, no rule finds itself in it. */
function isDisguised(text: string, rule: TextRule): boolean {
  return ENGLISH.includes(rule) && englishRule([writtenWords(text)]) === undefined;
}

function englishRule(plain: readonly Words[]): TextRule | undefined {
  const split = plain.map(splitJoined).filter((words, index) => words !== plain[index]);
  const filled = [...plain, ...split].map(words => ({
    places: placesIn(words, PHRASES),
    counted: countedBefore(words),
  }));
  const unfilled = [...plain, ...split].map(words => ({
    places: placesIn(withoutFillers(words), UNFILLED_PHRASES),
    written: placesWithoutFillers(words),
  }));
  return ENGLISH.find(
    rule => filled.some(read => isBroken(rule, read)) || (!isNear(rule) && unfilled.some(read => isBroken(rule, read))),
  );
}

/** Where the phrases of rules are in a reading. */
interface Read {
  readonly places: ReadonlyMap<string, Place[]>;
  /** How many words that are no fillers stand before each place. */
  readonly counted?: readonly number[];
  /** Of a reading without fillers: where each of its words stands in the text as it was written. */
  readonly written?: readonly number[];
}

function isBroken(rule: TextRule, { places, ...read }: Read): boolean {
  const isWhole = rule.groups.every(group => group.some(phrase => places.has(phrase)));
  return isWhole && breaks(rule, phrase => places.get(phrase) ?? [], read);
}

/** Of phrases that must be near, fillers count too: next to one another is next to one another. */
function isNear({ groups, within = WITHIN }: TextRule): boolean {
  return groups.length > 1 && within < FILLED_FROM;
}

/** Where a phrase is: its first word or character, and the one after its last. */
type Place = readonly [from: number, to: number];

function breaks(
  rule: TextRule,
  placesFor: (phrase: string) => readonly Place[],
  { counted, written }: Omit<Read, 'places'> = {},
): boolean {
  const { groups, within = WITHIN, notIn = [], unless = [], unlessWithin = UNLESS_WITHIN } = rule;
  const distance = isNear(rule) ? undefined : counted;
  const harmless = notIn.flatMap(placesFor);
  // What is far from it in the text is no nearer for the fillers that are left out.
  const asWritten = ([from, to]: Place): Place =>
    written ? [written[from] ?? from, (written[to - 1] ?? to - 1) + 1] : [from, to];
  const excused = near(unless.flatMap(placesFor).map(asWritten), unlessWithin);
  const counts = (place: Place): boolean =>
    !harmless.some(([start, end]) => start <= place[0] && place[1] <= end) && !holdsOneOf(excused, asWritten(place));
  const [first = [], ...others] = groups.map(group => group.flatMap(placesFor).filter(counts));
  return first.some(place => others.every(places => places.some(other => gap(place, other, distance) <= within)));
}

/** The words or characters that are at most `within` others away from one of the places: found once, however many there are. */
function near(places: readonly Place[], within: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [from, to] of places) for (let at = from - within - 1; at <= to + within; at++) found.add(at);
  return found;
}

function holdsOneOf(positions: ReadonlySet<number>, [from, to]: Place): boolean {
  for (let at = from; at < to; at++) if (positions.has(at)) return true;
  return false;
}

/** What stands between two places; 0 where they touch or overlap. Of words, those count that are `counted` before each place. */
function gap([from, to]: Place, [otherFrom, otherTo]: Place, counted?: readonly number[]): number {
  const between = (start: number, end: number): number =>
    start >= end ? 0 : counted ? (counted[end] ?? 0) - (counted[start] ?? 0) : end - start;
  return Math.max(between(to, otherFrom), between(otherTo, from));
}

interface Phrase {
  readonly phrase: string;
  readonly words: Words;
}

/** Every phrase of every rule, as its words are read. */
const READ_PHRASES: readonly Phrase[] = [
  ...new Set(ENGLISH.flatMap(({ groups, notIn = [], unless = [] }) => [...groups.flat(), ...notIn, ...unless])),
].map(phrase => ({ phrase, words: phraseWords(phrase) }));

/** Phrases by their first two words, or the one that they have: a text is read once for all of them. */
type PhraseIndex = ReadonlyMap<string, readonly Phrase[]>;

const PHRASES = indexOf(READ_PHRASES);

/** The same without fillers, where a phrase has two words left at least: `make a bomb` is in `make um like really a bomb`. */
const UNFILLED_PHRASES = indexOf(
  READ_PHRASES.flatMap(({ phrase, words }) => {
    const left = withoutFillers(words);
    return left.length === words.length || left.length > 1 ? [{ phrase, words: left }] : [];
  }),
);

function indexOf(phrases: readonly Phrase[]): PhraseIndex {
  return Map.groupBy(phrases, ({ words }) => words.slice(0, 2).join(' '));
}

const splitJoined = wordSplitter(READ_PHRASES.map(({ words }) => words));

function placesIn(words: Words, index: PhraseIndex): ReadonlyMap<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const [at, word] of words.entries()) {
    for (const key of [word, `${word} ${words[at + 1]}`]) {
      for (const { phrase, words: wanted } of index.get(key) ?? []) {
        if (wanted.some((each, position) => words[at + position] !== each)) continue;
        const found = places.get(phrase);
        if (found) found.push([at, at + wanted.length]);
        else places.set(phrase, [[at, at + wanted.length]]);
      }
    }
  }
  return places;
}

function placesOf(text: string, phrase: string): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) places.push([at, at + phrase.length]);
  return places;
}
