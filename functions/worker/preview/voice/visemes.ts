/** How the mouth stands at each sound of speech, by IPA. */

export interface MouthShape {
  /** 0 closed to 1 wide open. */
  readonly open: number;
  /** -1 rounded to 1 drawn wide. */
  readonly wide: number;
  /** 0 to 1: how much of the upper teeth shows. */
  readonly teeth: number;
}

/** How a sound is heard, for finding it in a recording. */
export type Manner = 'vowel' | 'hiss' | 'voiced' | 'stop' | 'pause';

export interface Viseme extends MouthShape {
  readonly manner: Manner;
}

const row = (sounds: string, manner: Manner, open: number, wide: number, teeth: number): [string, Viseme][] =>
  [...sounds].map(sound => [sound, { manner, open, wide, teeth }]);

const VISEMES: ReadonlyMap<string, Viseme> = new Map([
  ...row('aɑæʌɐɶ', 'vowel', 1, 0.15, 0.5),
  ...row('ɛeøœɜ', 'vowel', 0.68, 0.45, 0.6),
  ...row('əɚɘɵ', 'vowel', 0.48, 0.1, 0.4),
  ...row('iɪyʏɨ', 'vowel', 0.36, 0.9, 0.8),
  ...row('oɔɒɤ', 'vowel', 0.72, -0.7, 0.1),
  ...row('uʊɯʉ', 'vowel', 0.36, -1, 0),
  ...row('w', 'voiced', 0.2, -1, 0),
  ...row('j', 'voiced', 0.28, 0.7, 0.6),
  ...row('mɱ', 'voiced', 0, 0, 0),
  ...row('bp', 'stop', 0, -0.1, 0),
  ...row('fvɸβ', 'hiss', 0.1, 0.1, 1),
  ...row('szʃʒɕʑʂʐ', 'hiss', 0.16, 0.35, 1),
  ...row('θðçxχhɦʁ', 'hiss', 0.26, 0.15, 0.6),
  ...row('nŋɲlɫʎɹɾrɻʀ', 'voiced', 0.3, 0.05, 0.5),
  ...row('tdkɡgqcɟʔ', 'stop', 0.22, 0.1, 0.6),
]);

export const PAUSE: Viseme = { manner: 'pause', open: 0, wide: 0, teeth: 0 };

/** The sounds of espeak's IPA (`h_ə_l_ˈoʊ ð_ˈɛɹ`), a pause before, between clauses, and after; marks of stress, length and tone fall away. */
export function visemesOf(phonemes: string): Viseme[] {
  const sounds: Viseme[] = [PAUSE];
  for (const clause of phonemes.replace(/\([a-z-]+\)/g, '').split('\n')) {
    for (const sound of clause.normalize('NFD')) {
      const viseme = VISEMES.get(sound);
      if (viseme) sounds.push(viseme);
    }
    if (sounds.at(-1) !== PAUSE) sounds.push(PAUSE);
  }
  return sounds;
}
