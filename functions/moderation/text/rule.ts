/** The form of a rule about text. */
import type { CategoryId } from '../policy.ts';

export interface TextRule {
  /** Stable: refusals name it. */
  readonly id: string;
  readonly category: CategoryId;
  /**
   * One phrase of every group must be in the text, near the others. A phrase is one word or several, in small letters;
   * plurals are found by their singular.
   */
  readonly groups: readonly (readonly string[])[];
  /** How many words (characters of Chinese) may stand between two of them; 8 where left out. */
  readonly within?: number;
  /** Longer phrases in which a phrase of a group means something else; there alone it does not count. */
  readonly notIn?: readonly string[];
  /**
   * Words that show another meaning: a phrase near one of them does not count. Far from it they are about something else.
   * Rules about children have none: nothing excuses those.
   */
  readonly unless?: readonly string[];
  /** How many words (characters of Chinese) may stand between a phrase and what excuses it; 3 where left out. */
  readonly unlessWithin?: number;
}

/** The phrases of a list that parts them by commas. */
export function phrases(list: string): readonly string[] {
  return list.split(',').map(phrase => phrase.trim());
}

/** Words by which news, teaching and remembrance are known. For rules about what is shown, never about instructions. */
export const REPORTING = phrases(`
  news report, documentary, museum, memorial, history, historical, awareness, prevention, prevent, educational,
  against, anti, stop, condemn, survivor, warning, warn, court, trial, police
`);

/** Words by which one tells people how to keep safe from what a rule is about. */
export const SAFETY = phrases(`
  prevent, prevention, protect, avoid, spot, detect, awareness, stop, recognize, recognise
`);
