/**
 * Text as its reader sees it, whatever it is spelled with: compatibility forms, invisible characters, letters of other
 * alphabets that look the same (confusables.ts), digits for letters, letters apart or many times. Pure. More than one reading is possible ("1" is an i or
 * an l; a full stop parts words or hides one), so there are several, and a rule that finds itself in one has found.
 */

import { isAmbiguous, looksLike, type Reading } from './confusables.ts';

/** Written without width, around a letter, or only to change direction or form. */
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/gu;

/** Small letters that are read as they are written by hand or by habit, before what Unicode says: letter and Latin together. */
const lookalikes = (pairs: string) => pairs.split(' ').map(pair => [pair.slice(0, 1), pair.slice(1)] as const);

const LOOKALIKES = new Map([
  // Cyrillic
  ...lookalikes('аa вb сc ԁd еe ёe һh нh іi їi јj кk ӏl мm оo рp ԛq ѕs тt уy ѵv ԝw хx'),
  // Greek
  ...lookalikes('αa βb εe ηn ιi κk νv οo ρp τt υu χx ϲc'),
  // Latin
  ...lookalikes('ıi ɡg ɑa øo đd łl ßss æae œoe'),
]);

const DIGITS: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '€': 'e',
  '!': 'i',
  '|': 'i',
};

/** A reading: words in order. */
export type Words = readonly string[];

/** The readings of the text's words, none twice. */
export function readings(text: string): Words[] {
  const plains = [flat(text, 0), ...(isAmbiguous(text) ? [flat(text, 1)] : [])];
  const joined = plains.map(plain =>
    plain.replace(/(?<=[\p{L}\p{N}])[^\p{L}\p{N}\s]+(?=[\p{L}\p{N}])/gu, found =>
      /^[@$€!|]$/.test(found) ? found : '',
    ),
  );
  const all = [...plains, ...joined].flatMap(read => [wordsOf(read, 'i'), wordsOf(read, 'l')]);
  return [...new Map(all.map(words => [words.join(' '), words])).values()];
}

/** The words of the text as they are written: without what makes letters of digits, of other alphabets or of signs that nobody sees. */
export function writtenWords(text: string): Words {
  const accents = /\p{Mn}/gu;
  const parts = text
    .normalize('NFKD')
    .replace(accents, '')
    .toLowerCase()
    .replace(/['’]s?\b/gu, '');
  return parts.split(/[^\p{L}\p{N}]+/u).flatMap(part => {
    if (part === '') return [];
    // `3d` is written so, and a rule's phrase with it is read like any text.
    return folded(/^\d\p{L}$/u.test(part) ? decode(part, 'i') : part);
  });
}

/** The Chinese of the text, simplified, with nothing between its characters. */
export function chineseOf(text: string): string {
  return [...text.normalize('NFKC').replace(/\P{Script=Han}/gu, '')].map(sign => SIMPLE.get(sign) ?? sign).join('');
}

/** The words of a rule's phrase: read as a caller's would be. */
export function phraseWords(phrase: string): Words {
  return wordsOf(flat(phrase, 0), 'i');
}

function flat(text: string, reading: Reading): string {
  const seen = (sign: string): string => LOOKALIKES.get(sign) ?? looksLike(sign, reading) ?? sign;
  // Capitals first: a capital eta looks like an H, a small one like an n.
  const latin = [...text.normalize('NFKC')].map(seen).join('');
  const bare = latin.toLowerCase().normalize('NFKD').replace(INVISIBLE, '');
  // Chinese has a reading of its own.
  const words = bare.replace(/\p{Script=Han}/gu, ' ');
  return [...words].map(seen).join('');
}

function wordsOf(text: string, one: 'i' | 'l'): Words {
  const parts = text
    .replace(/['’]s\b/gu, '')
    .replace(/['’]/gu, '')
    .split(/[^\p{L}\p{N}@$€!|]+/u)
    .map(part => part.replace(/^[@!|]+|[!|]+$/gu, ''))
    .flatMap(part => (/\p{L}/u.test(part) ? decode(part, one) : part).split(/[^\p{L}\p{N}]+/u))
    .filter(part => part !== '');
  return joinLetters(parts, one === 'l').map(folded);
}

function decode(part: string, one: 'i' | 'l'): string {
  return [...part].map(sign => (sign === '1' ? one : (DIGITS[sign] ?? sign))).join('');
}

/** `b o m b` is a word. An article before it is no part of it, nor one after it, unless the reading is to be `greedy`. */
function joinLetters(parts: readonly string[], greedy: boolean): string[] {
  const words: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = at;
    while (/^\p{Script=Latin}$/u.test(parts[end] ?? '')) end++;
    const run = parts.slice(at, end);
    if (run.length < 3) {
      words.push(...(run.length > 0 ? run : [parts[at] ?? '']));
      at += Math.max(1, run.length);
      continue;
    }
    const from = run.length > 3 && isArticle(run[0]) ? 1 : 0;
    const to = run.length - (run.length - from > 3 && !greedy && isArticle(run.at(-1)) ? 1 : 0);
    words.push(...run.slice(0, from), run.slice(from, to).join(''), ...run.slice(to));
    at = end;
  }
  return words;
}

function isArticle(letter: string | undefined): boolean {
  return letter === 'a' || letter === 'i';
}

/** Without what rules and texts need not agree in. */
function folded(word: string): string {
  return singular(word).replace(/(\p{L})\1+/gu, '$1');
}

/** Crude on purpose, as is the end of doubled letters: rules and texts go through it alike. */
function singular(word: string): string {
  if (word.length <= 3 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Traditional characters, as far as rules have the simplified ones. */
const TRADITIONAL =
  '彈製槍販賣殺賭網國顛黨獨臺灣輪傳謠詐騙電視頻兒綁屍學買偽鈔護證誹謗機關憲滅絕種襲擊軍產藥發動亂聖戰極義組織員錄裝員將軍換臉辱罵個資訊錢務銀槍擊導統戀淫穢亞漢藏維族類擁頌揚領館開戶禮註冊彩莊閒雞';
const SIMPLIFIED =
  '弹制枪贩卖杀赌网国颠党独台湾轮传谣诈骗电视频儿绑尸学买伪钞护证诽谤机关宪灭绝种袭击军产药发动乱圣战极义组织员录装员将军换脸辱骂个资讯钱务银枪击导统恋淫秽亚汉藏维族类拥颂扬领馆开户礼注册彩庄闲鸡';
const SIMPLE = new Map([...TRADITIONAL].map((sign, index) => [sign, [...SIMPLIFIED][index] ?? sign]));
