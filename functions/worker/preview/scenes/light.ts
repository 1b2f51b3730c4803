/** The light of a scene: what the sky, the haze and lit surfaces are coloured by. Everything drawn takes its colours from here, which is what makes a frame hang together. */
import { blend, type Color, hex, saturate, shade, tinted } from '../drawing/color.ts';
import type { Random } from '../drawing/random.ts';
import type { Direction, Hour } from '../reading/prompt.ts';

export interface Light {
  readonly hour: Hour;
  /** From the zenith to the horizon. */
  readonly sky: readonly [Color, Color, Color, Color];
  readonly glow: Color;
  /** Where the sun or moon stands, in fractions of the frame's width and of the height from the top down to the horizon. */
  readonly sun: { readonly x: number; readonly y: number };
  readonly body: 'sun' | 'moon' | 'none';
  /** What distance fades into. */
  readonly haze: Color;
  /** Surfaces turned to the light, and away from it. */
  readonly lit: Color;
  readonly shadow: Color;
  /** 0 (none) to 1. */
  readonly stars: number;
  /** 0 (night) to 1 (noon). */
  readonly brightness: number;
  /** Share of the sky under cloud, 0 to 1. */
  readonly clouds: number;
}

interface Palette {
  readonly sky: readonly [string, string, string, string];
  readonly glow: string;
  readonly haze: string;
  readonly lit: string;
  readonly shadow: string;
}

const PALETTES: Readonly<Record<Hour, readonly [Palette, Palette]>> = {
  dawn: [
    {
      sky: ['#3f5f9c', '#8f9fd0', '#f4bfae', '#ffe3b8'],
      glow: '#ffd7a0',
      haze: '#efc4b4',
      lit: '#ffd3a6',
      shadow: '#3b4268',
    },
    {
      sky: ['#4a7fb0', '#9fc4d8', '#f9d3b4', '#fff0c8'],
      glow: '#ffe6b0',
      haze: '#e6cfc0',
      lit: '#ffdfb4',
      shadow: '#37506c',
    },
  ],
  day: [
    {
      sky: ['#2467bd', '#4f97de', '#93c8f0', '#dcf0fb'],
      glow: '#fff6dc',
      haze: '#bfdcf0',
      lit: '#fff3d2',
      shadow: '#38597c',
    },
    {
      sky: ['#2f7cc4', '#66afe2', '#abdaf0', '#eaf6f2'],
      glow: '#fff4d0',
      haze: '#cfe6ee',
      lit: '#fff0c8',
      shadow: '#41667c',
    },
  ],
  sunset: [
    {
      sky: ['#2a2f6e', '#8a4e95', '#f1785c', '#ffc970'],
      glow: '#ffb257',
      haze: '#e28a70',
      lit: '#ffb173',
      shadow: '#2c2449',
    },
    {
      sky: ['#203f72', '#7275a8', '#f2a070', '#ffde98'],
      glow: '#ffc46e',
      haze: '#e0a488',
      lit: '#ffc084',
      shadow: '#2c2f50',
    },
  ],
  dusk: [
    {
      sky: ['#0f1840', '#2c3c7e', '#7c5ea2', '#ec9a86'],
      glow: '#ff9f80',
      haze: '#66599a',
      lit: '#a892c6',
      shadow: '#141a3c',
    },
    {
      sky: ['#0c2140', '#1f4a78', '#5488a4', '#e8b890'],
      glow: '#ffc08a',
      haze: '#4f7794',
      lit: '#9fb6c6',
      shadow: '#0f2238',
    },
  ],
  night: [
    {
      sky: ['#040819', '#0a1534', '#162d5a', '#2b4f80'],
      glow: '#a9c4f0',
      haze: '#1a3460',
      lit: '#86a4d2',
      shadow: '#050a1c',
    },
    {
      sky: ['#070720', '#15143f', '#2b2a68', '#46508e'],
      glow: '#b8b8f0',
      haze: '#29306a',
      lit: '#9099d4',
      shadow: '#08081f',
    },
  ],
};

const SLATE = hex('#5b6675');
const SUN_HEIGHT: Readonly<Record<Hour, readonly [number, number]>> = {
  dawn: [0.78, 0.9],
  day: [0.16, 0.3],
  sunset: [0.8, 0.92],
  dusk: [1.02, 1.06],
  night: [0.2, 0.36],
};
const BRIGHTNESS: Readonly<Record<Hour, number>> = { dawn: 0.75, day: 1, sunset: 0.65, dusk: 0.35, night: 0.15 };

/** The light that a direction asks for; the seed picks among equals. */
export function lightFor(direction: Direction, random: Random): Light {
  const { hour, weather, moods, props } = direction;
  const palette = PALETTES[hour][random.chance(0.5) ? 0 : 1];
  const overcast = weather.has('storm') ? 0.72 : weather.has('rain') ? 0.5 : weather.has('snow') ? 0.3 : 0;
  // At sea by day a colour is the water's, and the sky only leans towards it.
  const tinting = direction.family === 'sea' && hour === 'day' ? 0.25 : 0.7;
  const adjust = (code: string, place: number): Color => {
    let color = hex(code);
    const tint = direction.colors[place % Math.max(1, direction.colors.length)];
    if (tint !== undefined)
      color = tinted(color, tint, place === 1 && direction.colors.length === 1 ? tinting * 0.65 : tinting);
    if (overcast > 0)
      color = shade(blend(color, tinted(SLATE, color, 0.35), overcast * 0.8), 1 - overcast * 0.28 * (1 - place * 0.3));
    if (moods.has('dark')) color = shade(saturate(color, 0.8), 0.78);
    if (moods.has('joyful')) color = saturate(color, 1.18);
    if (moods.has('dreamy')) color = blend(color, hex('#ffd9ee'), 0.1);
    if (direction.style === 'anime' || direction.style === 'comic') color = saturate(color, 1.2);
    return color;
  };
  const side = random.chance(0.5) ? random.range(0.2, 0.38) : random.range(0.62, 0.8);
  const [low, high] = SUN_HEIGHT[hour];
  return {
    hour,
    sky: [adjust(palette.sky[0], 1), adjust(palette.sky[1], 1), adjust(palette.sky[2], 0), adjust(palette.sky[3], 0)],
    glow: adjust(palette.glow, 0),
    sun: { x: side, y: random.range(low, high) },
    body:
      overcast > 0.45
        ? 'none'
        : hour === 'night'
          ? props.has('aurora') && !props.has('moon')
            ? 'none'
            : 'moon'
          : hour === 'dusk'
            ? props.has('moon')
              ? 'moon'
              : 'none'
            : 'sun',
    haze: adjust(palette.haze, 0),
    lit: adjust(palette.lit, 0),
    shadow: adjust(palette.shadow, 1),
    stars: overcast > 0.4 ? 0 : hour === 'night' ? 1 : hour === 'dusk' ? 0.4 : 0,
    brightness: BRIGHTNESS[hour] * (1 - overcast * 0.4),
    clouds: weather.has('storm')
      ? 0.95
      : weather.has('rain') || weather.has('cloudy')
        ? 0.75
        : weather.has('clear')
          ? 0.12
          : random.range(0.3, 0.55),
  };
}
