/** Which looks a request asks for, and how much of each. Pure. */
import { LOOKS, type LookName } from '../../../../generation/looks.ts';
import { Random } from '../../random.ts';
import { holds, plain } from '../../words.ts';

export interface LookShare {
  readonly name: LookName;
  /** All shares add up to 1. */
  readonly share: number;
}

/** A second look is mixed in when the words speak of it at least this much as of the first. */
const ALSO = 0.5;

/** A listed look by its id; else the one or two that the words name, in the measure in which they do; else one by words and seed. */
export function chooseLooks(look: { readonly id: number } | { readonly prompt: string }, seed: number): LookShare[] {
  if ('id' in look) {
    const listed = LOOKS.find(({ id }) => id === look.id);
    return [{ name: listed?.name ?? byLot('', seed), share: 1 }];
  }
  const text = plain(look.prompt);
  const scored = LOOKS.map(({ name, terms }) => ({ name, score: scoreOf(text, terms) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (first === undefined) return [{ name: byLot(text, seed), share: 1 }];
  if (second === undefined || second.score < first.score * ALSO) return [{ name: first.name, share: 1 }];
  const sum = first.score + second.score;
  return [
    { name: first.name, share: first.score / sum },
    { name: second.name, share: second.score / sum },
  ];
}

/** Longer terms say more: "neon edge" outweighs "neon". */
function scoreOf(text: string, terms: readonly string[]): number {
  return terms.reduce((sum, term) => sum + (holds(text, term) ? term.split(' ').length : 0), 0);
}

function byLot(text: string, seed: number): LookName {
  const drawn = LOOKS[new Random(seed, `look ${text}`).whole(0, LOOKS.length - 1)];
  return (drawn ?? LOOKS[0]).name;
}
