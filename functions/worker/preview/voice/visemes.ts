/** How the mouth stands at each sound of speech, by IPA. */

export interface MouthShape {
  /** 0 closed to 1 wide open. */
  readonly open: number;
  /** -1 rounded to 1 drawn wide. */
  readonly wide: number;
  /** 0 to 1: how much of the upper teeth shows. */
  readonly teeth: number;
}

const row = (sounds: string, open: number, wide: number, teeth: number): [string, MouthShape][] =>
  [...sounds].map(sound => [sound, { open, wide, teeth }]);

const VISEMES: ReadonlyMap<string, MouthShape> = new Map([
  ...row('aɑæʌɐɶ', 1, 0.15, 0.5),
  ...row('ɛeøœɜ', 0.68, 0.45, 0.6),
  ...row('əɚɘɵ', 0.48, 0.1, 0.4),
  ...row('iɪyʏɨ', 0.36, 0.9, 0.8),
  ...row('oɔɒɤ', 0.72, -0.7, 0.1),
  ...row('uʊɯʉ', 0.36, -1, 0),
  ...row('w', 0.2, -1, 0),
  ...row('j', 0.28, 0.7, 0.6),
  ...row('mɱ', 0, 0, 0),
  ...row('bp', 0, -0.1, 0),
  ...row('fvɸβ', 0.1, 0.1, 1),
  ...row('szʃʒɕʑʂʐ', 0.16, 0.35, 1),
  ...row('θðçxχhɦʁ', 0.26, 0.15, 0.6),
  ...row('nŋɲlɫʎɹɾrɻʀ', 0.3, 0.05, 0.5),
  ...row('tdkɡgqcɟʔ', 0.22, 0.1, 0.6),
]);

export const PAUSE: MouthShape = { open: 0, wide: 0, teeth: 0 };

/** The sounds of espeak's IPA (`h_ə_l_ˈoʊ ð_ˈɛɹ`), a pause before, between clauses, and after; marks of stress, length and tone fall away. */
export function visemesOf(phonemes: string): MouthShape[] {
  const sounds: MouthShape[] = [PAUSE];
  for (const clause of phonemes.replace(/\([a-z-]+\)/g, '').split('\n')) {
    for (const sound of clause.normalize('NFD')) {
      const viseme = VISEMES.get(sound);
      if (viseme) sounds.push(viseme);
    }
    if (sounds.at(-1) !== PAUSE) sounds.push(PAUSE);
  }
  return sounds;
}
