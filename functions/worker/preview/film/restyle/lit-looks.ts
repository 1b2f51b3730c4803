/** Looks made of light and colour: cyberpunk, neon edges, golden hour. */
import { clamp, smoothstep } from '../../curves.ts';
import { boxBlur, edgesOf, lumaOf } from '../../planes.ts';
import { type Easel, type LookMaker, saturate } from './look.ts';

/** From darkness to light: indigo, violet, magenta, then cyan. */
const NIGHT: readonly (readonly [number, number, number])[] = [
  [6, 4, 26],
  [44, 12, 92],
  [168, 22, 148],
  [250, 70, 190],
  [90, 220, 250],
  [238, 255, 255],
];

/** Night colours, glowing lights, colour fringes towards the sides, a trace of scan lines. */
export const cyberpunk: LookMaker = easel => {
  const { width, height, unit } = easel;
  const luma = new Float32Array(width * height);
  const glow = luma.slice();
  const scratch = luma.slice();
  const before = new Uint8ClampedArray(width * height * 4);
  return pixels => {
    fringe(pixels, before, easel, 2.4 * unit);
    lumaOf(pixels, luma);
    for (let at = 0; at < luma.length; at++) glow[at] = Math.max(0, (luma[at] as number) - 150) * 1.5;
    boxBlur(glow, easel, Math.round(7 * unit), glow, scratch);
    boxBlur(glow, easel, Math.round(7 * unit), glow, scratch);
    for (let y = 0, at = 0; y < height; y++) {
      const line = 1 - 0.1 * (0.5 + 0.5 * Math.cos((y * Math.PI) / (1.5 * unit)));
      for (let x = 0; x < width; x++, at++) {
        const to = at * 4;
        const light = clamp(((luma[at] as number) / 255) ** 1.25 * 1.04);
        const place = light * (NIGHT.length - 1.001);
        const low = NIGHT[Math.floor(place)] as readonly [number, number, number];
        const high = NIGHT[Math.floor(place) + 1] as readonly [number, number, number];
        const share = place - Math.floor(place);
        const shine = (glow[at] as number) / 255;
        for (let channel = 0; channel < 3; channel++) {
          const graded = (low[channel] as number) + ((high[channel] as number) - (low[channel] as number)) * share;
          const own = ((pixels[to + channel] as number) - (luma[at] as number)) * 0.75;
          const halo = channel === 1 ? 60 : 190;
          pixels[to + channel] = (graded * 0.9 + own + halo * shine) * line;
        }
      }
    }
  };
};

/** Red and blue pulled apart towards the sides, as a cheap lens does. */
function fringe(pixels: Uint8ClampedArray, before: Uint8ClampedArray, { width, height }: Easel, most: number): void {
  before.set(pixels);
  for (let x = 0; x < width; x++) {
    const shift = Math.round(((x / width - 0.5) * 2) ** 3 * most);
    const red = clamp(x + shift, 0, width - 1);
    const blue = clamp(x - shift, 0, width - 1);
    for (let y = 0; y < height; y++) {
      const row = y * width;
      pixels[(row + x) * 4] = before[(row + red) * 4] as number;
      pixels[(row + x) * 4 + 2] = before[(row + blue) * 4 + 2] as number;
    }
  }
}

/** Nothing but outlines, in the colours of what they bound, glowing on black. */
export const neonEdges: LookMaker = easel => {
  const { width, height, unit } = easel;
  const luma = new Float32Array(width * height);
  const scratch = luma.slice();
  const edges = luma.slice();
  const tubes = [luma.slice(), luma.slice(), luma.slice()] as const;
  return pixels => {
    lumaOf(pixels, luma);
    boxBlur(luma, easel, Math.max(1, Math.round(unit)), luma, scratch);
    edgesOf(luma, easel, edges);
    boxBlur(edges, easel, Math.max(1, Math.round(0.6 * unit)), edges, scratch);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const tube = smoothstep(18, 95, edges[at] as number);
      const across = (at % width) / width;
      const most = Math.max(pixels[to] as number, pixels[to + 1] as number, pixels[to + 2] as number, 1);
      const least = Math.min(pixels[to] as number, pixels[to + 1] as number, pixels[to + 2] as number);
      const clear = smoothstep(8, 60, most - least);
      // What has no colour of its own is lit from cyan on the left to pink on the right.
      const lamp = [40 + 215 * across, 210 - 130 * across, 255] as const;
      for (let channel = 0; channel < 3; channel++) {
        const own = (((pixels[to + channel] as number) - least * 0.85) / (most - least * 0.85)) * 255;
        const tone = (lamp[channel] as number) + (own - (lamp[channel] as number)) * clear;
        (tubes[channel] as Float32Array)[at] = tone * tube;
        pixels[to + channel] = (pixels[to + channel] as number) * 0.07 + (tone * 0.75 + 80) * tube;
      }
    }
    for (const [channel, tube] of tubes.entries()) {
      boxBlur(tube, easel, Math.round(4 * unit), tube, scratch);
      boxBlur(tube, easel, Math.round(4 * unit), tube, scratch);
      for (let at = 0, to = channel; at < tube.length; at++, to += 4)
        pixels[to] = (pixels[to] as number) + (tube[at] as number) * 0.95;
    }
  };
};

/** The hour before sunset: long warm light from one side, haze, soft highlights. */
export const goldenHour: LookMaker = easel => {
  const { width, height, unit, random } = easel;
  const luma = new Float32Array(width * height);
  const glow = luma.slice();
  const scratch = luma.slice();
  const sun = { x: random.chance(0.5) ? 0.12 : 0.88, y: random.range(0.12, 0.24) };
  const aspect = width / height;
  const flare = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const far = Math.hypot((x / width - sun.x) * aspect, y / height - sun.y);
      flare[at] = 0.85 * Math.exp(-far * 3.4) + 0.3 * Math.exp(-far * 1.1);
    }
  return pixels => {
    lumaOf(pixels, luma);
    for (let at = 0; at < luma.length; at++) glow[at] = Math.max(0, (luma[at] as number) - 120);
    boxBlur(glow, easel, Math.round(9 * unit), glow, scratch);
    boxBlur(glow, easel, Math.round(9 * unit), glow, scratch);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = (luma[at] as number) / 255;
      const shine = (glow[at] as number) * 0.75;
      const haze = flare[at] as number;
      saturate(pixels, to, 0.85);
      const warm = [1.12 + 0.1 * light, 0.9 + 0.04 * light, 0.56 + 0.1 * light] as const;
      const gold = [255, 190, 98] as const;
      for (let channel = 0; channel < 3; channel++) {
        const lit =
          (pixels[to + channel] as number) * (warm[channel] as number) + (shine * (gold[channel] as number)) / 255;
        pixels[to + channel] = lit + ((gold[channel] as number) - lit * 0.55) * haze * 0.62 + (channel === 0 ? 9 : 3);
      }
    }
  };
};
