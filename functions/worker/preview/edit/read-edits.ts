/**
 * A prompt read as edits, one after the other. Pure. Invariants:
 * - every picture and every mask that came with the request is used by an edit, whether the words speak of it or not;
 * - an edit that names no selection works on the masks that no other names, else on what its words name, else on the whole frame;
 * - words that ask for nothing known are still an edit of their own: other words, another video.
 */

import { COLOR_WORDS, list, WEATHER_WORDS } from '../reading/prompt.ts';
import { holds, mentioned, plain } from '../reading/words.ts';
import { STYLES, scoreOf } from '../restyle/restyle.ts';
import {
  LIGHT_MOODS,
  type Mood,
  OPERATIONS,
  type Operation,
  PLACE_WORDS,
  type Place,
  THING_WORDS,
  VERBS,
} from './edit-words.ts';

export interface Edit {
  readonly operation: Operation | 'mood';
  /** As `plain` made it: without quoted text. */
  readonly text: string;
  /** Numbers of the masks and pictures, from 0. */
  readonly masks: readonly number[];
  readonly pictures: readonly number[];
  readonly moods: readonly Mood[];
  /** Names from `COLOR_WORDS`, or black, white, grey, in the order of the words. */
  readonly colors: readonly string[];
  readonly places: readonly Place[];
  /** What stands in quotes. */
  readonly quoted: string;
  /** What the words name where nothing was selected: `subject`, `background`, `sky`, `ground`. */
  readonly named?: string;
}

const GREYS = ['black', 'white', 'grey', 'gray', 'golden'] as const;
/** Who or what is meant by these words stands out of the frame, as far as anybody can tell without knowing it. */
const SUBJECTS =
  'subject person man woman girl boy child people animal dog cat car object thing actor figure logo watermark main';

export function readEdits(prompt: string, masks: number, pictures: number): Edit[] {
  const said = new Set(numbersOf(prompt, 'img', pictures));
  const unsaid = range(pictures).filter(index => !said.has(index));
  const edits = clausesOf(prompt).map(clause => {
    const edit = editOf(clause, masks, pictures, unsaid.length > 0);
    // A replacement that names no picture means the next one that nothing else names.
    return edit.operation === 'replace' && edit.pictures.length === 0
      ? { ...edit, pictures: unsaid.splice(0, 1) }
      : edit;
  });
  const added = unsaid.map(index => editOf(`add @img${index}`, masks, pictures, false));
  const all = spreadOut([...edits, ...added]);
  const named = new Set(all.flatMap(edit => edit.masks));
  const unusedMasks = range(masks).filter(index => !named.has(index));
  return all
    .map(edit => {
      if (edit.masks.length > 0) return edit;
      // Where the words place every mask themselves, what they say besides is about the rest.
      return { ...edit, masks: unusedMasks };
    })
    .map((edit, at, whole) => {
      const unheld =
        unusedMasks.length > 0 && whole.every(({ masks: own }) => !own.some(index => unusedMasks.includes(index)));
      return at === 0 && unheld ? { ...edit, masks: [...edit.masks, ...unusedMasks] } : edit;
    })
    .sort((one, other) => stageOf(one) - stageOf(other));
}

/** Pictures that are to be put nowhere in particular are not put all in one place. */
function spreadOut(edits: readonly Edit[]): Edit[] {
  let unplaced = 0;
  return edits.map(edit => {
    if (edit.operation !== 'add' || edit.pictures.length === 0 || edit.places.length > 0) return edit;
    return { ...edit, places: [TURNS[unplaced++ % TURNS.length] ?? 'middle'] };
  });
}
const TURNS = ['middle', 'right', 'left'] as const satisfies Place[];

/** Holes first, then what fills the frame, then what is laid over it. */
function stageOf({ operation }: Edit): number {
  if (operation === 'remove') return 0;
  if (operation === 'replace') return 1;
  return operation === 'add' || operation === 'write' || operation === 'weather' || operation === 'glow' ? 3 : 2;
}

function editOf(clause: string, masks: number, pictures: number, spare: boolean): Edit {
  const quoted = /["“”«»「」]([^"“”«»「」]{1,120})["“”«»「」]|(?<!\p{L})['‘]([^'’]{1,120})['’](?!\p{L})/u.exec(clause);
  const bare = quoted ? clause.replace(quoted[0], ' text ') : clause;
  // What is asked away with "no" and "without" would be lost in plain words.
  const text = plain(bare.replace(/\b(no more|without|no longer)\b/gi, ' remove '));
  const own = {
    text,
    masks: numbersOf(clause, 'selection', masks),
    pictures: numbersOf(clause, 'img', pictures),
    moods: mentioned(text, LIGHT_MOODS),
    colors: colorsOf(text),
    places: mentioned(text, PLACE_WORDS),
    quoted: quoted?.[1] ?? quoted?.[2] ?? '',
  };
  const named = nameOf(text);
  return { ...own, operation: chooseOperation({ ...own, spare }), ...(named && { named }) };
}

/** `spare` is whether a picture came along that no words name. */
function chooseOperation(
  edit: Pick<Edit, 'text' | 'masks' | 'pictures' | 'moods' | 'colors' | 'quoted'> & { readonly spare: boolean },
): Edit['operation'] {
  const scores = OPERATIONS.map(operation => ({
    operation,
    score: verbScore(edit.text, operation) + hints(edit, operation),
  }));
  const best = scores.reduce((most, next) => (next.score > most.score ? next : most));
  return best.score > 0 ? best.operation : 'mood';
}

function verbScore(text: string, operation: Operation): number {
  return VERBS[operation].reduce(
    (sum, [weight, words]) => sum + weight * list(words).filter(word => holds(text, word)).length,
    0,
  );
}

/** What speaks for an operation besides its verbs. */
function hints(
  { text, masks, pictures, moods, colors, quoted, spare }: Parameters<typeof chooseOperation>[0],
  operation: Operation,
): number {
  const pictured = pictures.length > 0;
  switch (operation) {
    case 'replace':
      // Without a picture there is nothing to put there.
      return pictured ? (masks.length > 0 ? 1.5 : 0) : spare ? 0 : -100;
    case 'add':
      return pictured ? 1.2 : verbScore(text, 'add') > 0 && mentioned(text, THING_WORDS).length > 0 ? 1 : -1.5;
    case 'recolour':
      return pictured || colors.length === 0 ? -2 : 1.6;
    case 'light':
      return moods.length * 1.3;
    case 'restyle':
      return Object.values(STYLES).reduce((sum, style) => sum + scoreOf(text, style), 0) * 1.4;
    case 'weather':
      return mentioned(text, WEATHER_WORDS).filter(kind => FALLING.includes(kind)).length * 2.4;
    case 'write':
      return quoted === '' ? -100 : 4;
    default:
      return 0;
  }
}

const FALLING: readonly string[] = ['rain', 'snow', 'fog', 'storm'];

/** "At night with fireflies" asks for two things. */
const WITH_THINGS =
  /\bwith (?:(?:some|many|a few|lots of|a) )?(?=(?:birds?|butterfl|petals|balloons?|aurora|firefl|bubbles|sparkles|confetti)\b|(?:butter|fire)fl)/gi;

function clausesOf(prompt: string): string[] {
  const verbs = new Set(
    Object.values(VERBS).flatMap(rows => rows.flatMap(([, words]) => list(words).map(phrase => phrase.split(' ')[0]))),
  );
  const parts = prompt
    .replace(WITH_THINGS, '. add ')
    .split(/(["“”「」][^"“”「」]*["“”「」])/u)
    .map(part =>
      /^["“”「」]/u.test(part) ? part : part.replace(/[.;\n。；]+(?=\s|$)|\bthen\b|\bafter that\b/giu, '\u0000'),
    )
    .join('')
    .split('\u0000');
  return parts
    .flatMap(part => splitBefore(part, verbs))
    .map(part => part.trim())
    .filter(part => /[\p{L}\p{N}]/u.test(part));
}

/** Parts at "and" and at commas, where a verb follows: what follows is something else to do. */
function splitBefore(part: string, verbs: ReadonlySet<string | undefined>): string[] {
  const pieces = part.split(/(,|，|、|\band\b|并)/iu);
  const out = [pieces[0] ?? ''];
  for (let at = 1; at < pieces.length; at += 2) {
    const next = pieces[at + 1] ?? '';
    const [first = '', second = ''] = next
      .trim()
      .toLowerCase()
      .split(/[^\p{L}]+/u);
    const begins =
      verbs.has(first) ||
      /^(make|turn|change|let|give|set)$/.test(first) ||
      (first === 'also' && second !== '') ||
      // "Make @selection0 red and @selection1 blue".
      (/^\s*@selection/i.test(next) && colorsOf(plain(next)).length > 0);
    if (begins) out.push(next);
    else out[out.length - 1] += `${pieces[at]}${next}`;
  }
  return out;
}

function numbersOf(clause: string, what: string, count: number): number[] {
  const found = [...clause.matchAll(new RegExp(`@${what}_?(\\d{1,2})`, 'gi'))].map(match => Number(match[1]));
  return [...new Set(found)].filter(index => index < count);
}

/** In the order in which they are said: "from red to blue" means blue, the last. */
function colorsOf(text: string): string[] {
  return [...new Set([...Object.keys(COLOR_WORDS), ...GREYS])]
    .map(name => ({ name, at: text.lastIndexOf(/[㐀-鿿]/u.test(name) ? name : ` ${name} `) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
}

function nameOf(text: string): string | undefined {
  for (const name of ['background', 'sky', 'ground']) if (holds(text, name)) return name;
  if (['rest', 'everything else', 'surrounding', '背景'].some(word => holds(text, word))) return 'background';
  if (holds(text, '天空')) return 'sky';
  return SUBJECTS.split(' ').some(word => holds(text, word)) ? 'subject' : undefined;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
