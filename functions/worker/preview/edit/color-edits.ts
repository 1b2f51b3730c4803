/** Edits that change colours and nothing else: another colour, another light, or a mood of the words' own. */
import { blend, type Color, hex, saturate, shade, tinted } from '../drawing/color.ts';
import { clamp } from '../drawing/curves.ts';
import { Random } from '../drawing/random.ts';
import { COLOR_WORDS } from '../reading/prompt.ts';
import { toneOf } from '../subject/swap.ts';
import type { Mood } from './edit-words.ts';
import type { Edit } from './read-edits.ts';
import type { Painter, Stage, Targets } from './stage.ts';

const GREYS: Readonly<Record<string, Color>> = {
  black: hex('#15161a'),
  white: hex('#f4f4f2'),
  grey: hex('#8a8d92'),
  gray: hex('#8a8d92'),
};

/** The colour that the words name last, which is the one asked for; undefined where they name none. */
export function colorOf({ colors }: Pick<Edit, 'colors'>): Color | undefined {
  const name = colors.at(-1);
  return name === undefined ? undefined : (GREYS[name] ?? COLOR_WORDS[name]);
}

/** Light and shade stay, moved towards the new colour's own brightness: red paint on a white wall is no pink. */
export function recolour(edit: Edit, { video, seed }: Stage, [selected]: Targets): Painter {
  const chosen = selected?.chosen(selected.key);
  const usual = toneOf(video.small[selected?.key ?? 0] as Uint8ClampedArray, pixel => chosen?.[pixel] ?? 1).mean;
  const target = colorOf(edit) ?? ownColor(edit.text, seed);
  const level = clamp((lightness(target) / Math.max(0.05, lightness(usual))) ** 0.6, 0.3, 2.2);
  const grey = Object.values(GREYS).includes(target);
  return changeColors(color => {
    const lit = shade(color, level);
    return grey ? saturate(lit, 0.06) : tinted(lit, target, 0.95);
  });
}

const CHANGES: Readonly<Record<Mood, (color: Color) => Color>> = {
  night: color => blend(shade(saturate(tinted(color, hex('#2a4a9c'), 0.55), 0.75), 0.5), hex('#0a1434'), 0.22),
  sunset: color => contrast(tinted(shade(color, 0.92), hex('#ff8a3c'), 0.42), 1.12),
  dawn: color => blend(tinted(color, hex('#ffb7a0'), 0.36), hex('#ffe3d0'), 0.14),
  darker: color => shade(color, 0.62),
  brighter: color => blend(shade(color, 1.18), hex('#ffffff'), 0.06),
  vivid: color => saturate(contrast(color, 1.08), 1.6),
  faded: color => blend(saturate(color, 0.45), hex('#d8d4cc'), 0.14),
  warm: color => tinted(color, hex('#ffa94d'), 0.3),
  cold: color => tinted(color, hex('#4d9bff'), 0.34),
  dramatic: color => saturate(contrast(color, 1.45), 0.9),
};

/** Every kind of light that the words name, one over the other; more of it where they name none. */
export function relight({ moods }: Edit): Painter {
  const wanted: readonly Mood[] = moods.length > 0 ? moods : ['brighter'];
  return changeColors(color => wanted.reduce((changed, name) => CHANGES[name](changed), color));
}

/** For words that ask for nothing known: a colouring drawn by the words themselves. */
export function mood(text: string, seed: number): Painter {
  const tint = ownColor(text, seed);
  return changeColors(color => contrast(tinted(color, tint, 0.38), 1.12));
}

function ownColor(text: string, seed: number): Color {
  const names = Object.keys(COLOR_WORDS);
  return COLOR_WORDS[names[new Random(seed, `mood ${text}`).whole(0, names.length - 1)] ?? 'blue'] ?? hex('#2f6fe0');
}

function contrast(color: Color, factor: number): Color {
  const [red, green, blue] = color.map(channel => clamp(118 + (channel - 118) * factor, 0, 255)) as [
    number,
    number,
    number,
  ];
  return [red, green, blue];
}

/** About as bright as it looks, 0 to 1. */
function lightness([red, green, blue]: Color): number {
  return (0.3 * red + 0.59 * green + 0.11 * blue) / 255;
}

const SIDE = 25;
const STEP = 255 / (SIDE - 1);

/** Any change of colours: worked out once for a lattice of colours, straight in between for every pixel. */
function changeColors(change: (color: Color) => Color): Painter {
  const values = new Float32Array(SIDE ** 3 * 3);
  for (let at = 0; at < SIDE ** 3; at++) {
    const color: Color = [Math.floor(at / SIDE ** 2) * STEP, (Math.floor(at / SIDE) % SIDE) * STEP, (at % SIDE) * STEP];
    values.set(change(color), at * 3);
  }
  return ({ pixels }, alpha) => {
    for (let at = 0; at < pixels.length; at += 4) {
      const share = alpha ? (alpha[at >> 2] as number) / 255 : 1;
      if (share === 0) continue;
      const [r, g, b] = [
        (pixels[at] as number) / STEP,
        (pixels[at + 1] as number) / STEP,
        (pixels[at + 2] as number) / STEP,
      ];
      const [r0, g0, b0] = [Math.min(SIDE - 2, r | 0), Math.min(SIDE - 2, g | 0), Math.min(SIDE - 2, b | 0)];
      const from = ((r0 * SIDE + g0) * SIDE + b0) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const front = between(values, from + channel, g - g0, b - b0);
        const back = between(values, from + channel + SIDE * SIDE * 3, g - g0, b - b0);
        const own = pixels[at + channel] as number;
        pixels[at + channel] = own + (front + (back - front) * (r - r0) - own) * share;
      }
    }
  };
}

function between(values: Float32Array, at: number, green: number, blue: number): number {
  const upper = (values[at] as number) + ((values[at + 3] as number) - (values[at] as number)) * blue;
  const next = at + SIDE * 3;
  const lower = (values[next] as number) + ((values[next + 3] as number) - (values[next] as number)) * blue;
  return upper + (lower - upper) * green;
}
