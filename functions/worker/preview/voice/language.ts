/** Which language a text is in, by its script and, for Latin letters, by its commonest words. A guess: English when nothing speaks against it. */

/** A language as espeak-ng names its voices. */
export type Tongue = string;

/** Kana before Han: Japanese is written with both, Chinese without the first. */
const SCRIPTS: readonly (readonly [RegExp, Tongue])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Han}/gu, 'cmn'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Devanagari}/gu, 'hi'],
];

const WORDS: Readonly<Record<string, string>> = {
  'en-us': 'the and is are was of to you in it that this with for my we have hello what how not',
  es: 'el los las una que y es está con para por hola cómo qué muy pero mi del buenos buenas gracias no',
  de: 'der die das und ist nicht ich du wir ein eine mit auf von zu für guten hallo wie sind es dem den',
  'fr-fr': "le les une des et est vous nous je c'est avec pour dans bonjour merci pas sur qui mais du au",
  it: 'il gli una che è sono con per ciao non di della buongiorno grazie come mi questo',
  pt: 'o os uma que é são com para olá não você do da em muito obrigado bom dia',
};
const LETTERS: readonly (readonly [RegExp, Tongue])[] = [
  [/[ñ¿¡]/giu, 'es'],
  [/[ß]|[äöü]/giu, 'de'],
  [/[çœèêàùî]/giu, 'fr-fr'],
  [/[ãõ]/giu, 'pt'],
];

/** The voice's language for `text`. */
export function guessTongue(text: string): Tongue {
  const letters = count(text, /\p{L}/gu);
  for (const [script, tongue] of SCRIPTS) if (count(text, script) > letters * 0.2) return tongue;
  const words = text.toLowerCase().split(/[^\p{L}']+/u);
  let best: Tongue = 'en-us';
  let most = 0;
  for (const [tongue, list] of Object.entries(WORDS)) {
    const known = new Set(list.split(' '));
    const marks = LETTERS.filter(([, of]) => of === tongue).reduce((sum, [mark]) => sum + count(text, mark), 0);
    const votes = words.filter(word => known.has(word)).length + marks * 0.8;
    if (votes > most) [best, most] = [tongue, votes];
  }
  return best;
}

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}
