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
import { chineseOf, phraseWords, readings, type Words } from './normalise.ts';
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
    };
  }
  return { kind: 'clear', policyVersion: POLICY_VERSION };
}

function brokenRule(text: string): TextRule | undefined {
  const read = readings(text).map(placesIn);
  const chinese = chineseOf(text);
  return (
    ENGLISH.find(rule => read.some(places => breaks(rule, phrase => places.get(phrase) ?? []))) ??
    (chinese === '' ? undefined : CHINESE.find(rule => breaks(rule, phrase => placesOf(chinese, phrase))))
  );
}

/** Where a phrase is: its first word or character, and the one after its last. */
type Place = readonly [from: number, to: number];

function breaks(
  { groups, within = WITHIN, notIn = [], unless = [], unlessWithin = UNLESS_WITHIN }: TextRule,
  placesFor: (phrase: string) => readonly Place[],
): boolean {
  const harmless = notIn.flatMap(placesFor);
  const excused = near(unless.flatMap(placesFor), unlessWithin);
  const counts = ([from, to]: Place): boolean =>
    !harmless.some(([start, end]) => start <= from && to <= end) && !holdsOneOf(excused, from, to);
  const [first = [], ...others] = groups.map(group => group.flatMap(placesFor).filter(counts));
  return first.some(place => others.every(places => places.some(other => gap(place, other) <= within)));
}

/** The words or characters that are at most `within` others away from one of the places: found once, however many there are. */
function near(places: readonly Place[], within: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [from, to] of places) for (let at = from - within - 1; at <= to + within; at++) found.add(at);
  return found;
}

function holdsOneOf(positions: ReadonlySet<number>, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (positions.has(at)) return true;
  return false;
}

/** What stands between two places; 0 where they touch or overlap. */
function gap([from, to]: Place, [otherFrom, otherTo]: Place): number {
  return Math.max(0, otherFrom - to, from - otherTo);
}

interface Phrase {
  readonly phrase: string;
  readonly words: Words;
}

/** Every phrase of every rule by its first word: a text is read once for all of them. */
const BY_FIRST_WORD: ReadonlyMap<string, readonly Phrase[]> = Map.groupBy(
  [...new Set(ENGLISH.flatMap(({ groups, notIn = [], unless = [] }) => [...groups.flat(), ...notIn, ...unless]))].map(
    phrase => ({
      phrase,
      words: phraseWords(phrase),
    }),
  ),
  ({ words }) => words[0] ?? '',
);

function placesIn(words: Words): ReadonlyMap<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const [at, word] of words.entries()) {
    for (const { phrase, words: wanted } of BY_FIRST_WORD.get(word) ?? []) {
      if (wanted.some((each, index) => words[at + index] !== each)) continue;
      const found = places.get(phrase);
      if (found) found.push([at, at + wanted.length]);
      else places.set(phrase, [[at, at + wanted.length]]);
    }
  }
  return places;
}

function placesOf(text: string, phrase: string): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) places.push([at, at + phrase.length]);
  return places;
}
