/**
 * Words that say nothing of what is asked for, and that make no distance between those that do: whoever puts nine of them
 * between the words of a rule has not put them apart. Pure.
 */
import { phraseWords, type Words } from './normalise.ts';

const FILLERS = new Set(
  `a an the this that these those some any each every such
  i me my mine you your yours he him his she her hers it its we us our ours they them their theirs one ones
  um uh er erm hm hmm ah oh eh huh well like okay ok yeah yes right so just very really quite rather pretty too also even still
  only simply please kindly maybe perhaps anyway actually basically literally honestly totally of you know
  and or but then now here there in on at by for from with to into onto upon as about around over
  is are was were be been being am do does did doing can could would should will shall may might must have has had
  again ever always`
    .split(/\s+/)
    .flatMap(phraseWords),
);

function isFiller(word: string): boolean {
  // Adverbs of manner: quickly, easily.
  return FILLERS.has(word) || (word.length > 4 && word.endsWith('ly'));
}

/** Which words are left without fillers, the same word again and again once: their places among all. */
export function placesWithoutFillers(words: Words): number[] {
  return [...words.keys()].filter(at => !isFiller(words[at] ?? '') && words[at] !== words[at - 1]);
}

export function withoutFillers(words: Words): Words {
  return placesWithoutFillers(words).map(at => words[at] ?? '');
}

/** How many words that are no fillers stand before each place; the same word again and again is one. */
export function countedBefore(words: Words): number[] {
  const counted = [0];
  for (const [at, word] of words.entries()) {
    const counts = !isFiller(word) && word !== words[at - 1];
    counted.push((counted[at] ?? 0) + (counts ? 1 : 0));
  }
  return counted;
}
