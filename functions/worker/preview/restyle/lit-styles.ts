/** Styles made of light, old cameras and old machines: cyberpunk, neon edges, golden hour, vintage film, noir, pixel art. */
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { type Easel, type Style, saturate } from './easel.ts';

type Rgb = readonly [number, number, number];

/** From darkness to light: indigo, violet, magenta, then cyan. */
const NIGHT: readonly Rgb[] = [
  [6, 4, 26],
  [44, 12, 92],
  [168, 22, 148],
  [250, 70, 190],
  [90, 220, 250],
  [238, 255, 255],
];

/** Night colours, glowing lights, colour fringes towards the sides, a trace of scan lines. */
export const cyberpunk: Style = easel => {
  const { width, height, unit, luma } = easel;
  const before = new Uint8ClampedArray(width * height * 4);
  return pixels => {
    // Red and blue are pulled apart towards the sides, as a cheap lens does.
    before.set(pixels);
    for (let at = 0; at < luma.length; at++) {
      const x = at % width;
      const shift = Math.round(((x / width - 0.5) * 2) ** 3 * 2.4 * unit);
      pixels[at * 4] = before[(at - x + clamp(x + shift, 0, width - 1)) * 4] as number;
      pixels[at * 4 + 2] = before[(at - x + clamp(x - shift, 0, width - 1)) * 4 + 2] as number;
    }
    easel.look(pixels);
    const glow = easel.blur(
      luma.map(light => Math.max(0, light - 150) * 1.5),
      7 * unit,
      2,
    );
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const line = 1 - 0.1 * (0.5 + 0.5 * Math.cos((Math.floor(at / width) * Math.PI) / (1.5 * unit)));
      const place = clamp(((luma[at] as number) / 255) ** 1.25 * 1.04) * (NIGHT.length - 1.001);
      const [low, high] = [NIGHT[Math.floor(place)] as Rgb, NIGHT[Math.floor(place) + 1] as Rgb];
      const shine = (glow[at] as number) / 255;
      for (let channel = 0; channel < 3; channel++) {
        const graded = mix(low[channel] as number, high[channel] as number, place % 1);
        const own = ((pixels[to + channel] as number) - (luma[at] as number)) * 0.75;
        pixels[to + channel] = (graded * 0.9 + own + (channel === 1 ? 60 : 190) * shine) * line;
      }
    }
  };
};

/** Nothing but outlines, in the colours of what they bound, glowing on black. */
export const neonEdges: Style = easel => {
  const { width, unit, luma, edges } = easel;
  const tubes = [luma.slice(), luma.slice(), luma.slice()] as const;
  return pixels => {
    easel.look(pixels, unit);
    easel.blur(edges, 0.6 * unit);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const tube = smoothstep(18, 95, edges[at] as number);
      const across = (at % width) / width;
      const most = Math.max(pixels[to] as number, pixels[to + 1] as number, pixels[to + 2] as number, 1);
      const least = Math.min(pixels[to] as number, pixels[to + 1] as number, pixels[to + 2] as number) * 0.85;
      // What has no colour of its own is lit from cyan on the left to pink on the right.
      const lamp = [40 + 215 * across, 210 - 130 * across, 255] as const;
      for (let channel = 0; channel < 3; channel++) {
        const own = (((pixels[to + channel] as number) - least) / (most - least)) * 255;
        const tone = mix(lamp[channel] as number, own, smoothstep(8, 60, most - least / 0.85));
        (tubes[channel] as Float32Array)[at] = tone * tube;
        pixels[to + channel] = (pixels[to + channel] as number) * 0.07 + (tone * 0.75 + 80) * tube;
      }
    }
    for (const [channel, tube] of tubes.entries()) {
      easel.blur(tube, 4 * unit, 2);
      for (let at = 0, to = channel; at < tube.length; at++, to += 4)
        pixels[to] = (pixels[to] as number) + (tube[at] as number) * 0.95;
    }
  };
};

const GOLD: Rgb = [255, 190, 98];

/** The hour before sunset: long warm light from one side, haze, soft highlights. */
export const goldenHour: Style = easel => {
  const { width, height, unit, random, luma } = easel;
  const sun = { x: random.chance(0.5) ? 0.12 : 0.88, y: random.range(0.12, 0.24) };
  const flare = easel.plane((x, y) => {
    const far = Math.hypot((x / width - sun.x) * (width / height), y / height - sun.y);
    return 0.53 * Math.exp(-far * 3.4) + 0.19 * Math.exp(-far * 1.1);
  });
  return pixels => {
    easel.look(pixels);
    const glow = easel.blur(
      luma.map(light => Math.max(0, light - 120)),
      9 * unit,
      2,
    );
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = (luma[at] as number) / 255;
      saturate(pixels, to, 0.85);
      const warm = [1.12 + 0.1 * light, 0.9 + 0.04 * light, 0.56 + 0.1 * light] as const;
      for (let channel = 0; channel < 3; channel++) {
        const gold = GOLD[channel] as number;
        const lit =
          (pixels[to + channel] as number) * (warm[channel] as number) + ((glow[at] as number) * 0.75 * gold) / 255;
        pixels[to + channel] = lit + (gold - lit * 0.55) * (flare[at] as number) + (channel === 0 ? 9 : 3);
      }
    }
  };
};

/** Frames between two grains: film grain that changed at every frame would only be noise to the encoder. */
const FRAMES_PER_GRAIN = 3;
const TILE = 128;

/** Grain in -1..1: a tile that is looked up at another place every few frames. */
function grainOf({ random, width, unit }: Easel): (index: number, at: number) => number {
  const tile = Float32Array.from({ length: TILE * TILE }, () => random.next() + random.next() - 1);
  const places = Array.from({ length: 16 }, () => random.whole(0, TILE * TILE - 1));
  const coarse = Math.max(1, Math.round(unit));
  return (index, at) => {
    const x = Math.floor((at % width) / coarse);
    const y = Math.floor(Math.floor(at / width) / coarse);
    const place = places[Math.floor(index / FRAMES_PER_GRAIN) % places.length] as number;
    return tile[(place + x + y * TILE + (x >> 7) * 4111) % tile.length] as number;
  };
}

/** Faded stock: lifted blacks, warm light, grain, a rounded gate, a scratch now and then. */
export const vintage: Style = easel => {
  const { width, height, unit, random } = easel;
  const fall = easel.vignette(0.55);
  const grain = grainOf(easel);
  const corner = 16 * unit;
  const gate = easel.plane((x, y) => {
    const dx = Math.max(0, corner - Math.min(x, width - 1 - x) + 5 * unit);
    const dy = Math.max(0, corner - Math.min(y, height - 1 - y) + 5 * unit);
    return smoothstep(corner + 1.5 * unit, corner - 1.5 * unit, Math.hypot(dx, dy));
  });
  const scratches = Array.from({ length: 6 }, () => ({ x: random.next(), from: random.whole(0, 90) }));
  const wide = Math.max(1, Math.round(0.7 * unit));
  return (pixels, index) => {
    for (let at = 0, to = 0; at < gate.length; at++, to += 4) {
      const [r, g, b] = [pixels[to] as number, pixels[to + 1] as number, pixels[to + 2] as number];
      const grey = 0.3 * r + 0.59 * g + 0.11 * b;
      const light = (fall[at] as number) * (gate[at] as number);
      const speck = grain(index, at) * 17;
      pixels[to] = ((grey * 0.55 + r * 0.45) * 0.84 + 46 + speck) * light;
      pixels[to + 1] = ((grey * 0.55 + g * 0.45) * 0.76 + 34 + speck) * light;
      pixels[to + 2] = ((grey * 0.62 + b * 0.38) * 0.58 + 26 + speck) * light;
    }
    for (const { x, from } of scratches) {
      const age = (index + from) % 96;
      if (age >= 14) continue;
      const left = clamp(Math.round(x * width), 0, width - wide);
      for (let at = left; at < width * height; at += width)
        for (let to = at * 4; to < (at + wide) * 4; to++)
          if (to % 4 !== 3) pixels[to] = (pixels[to] as number) + 26 * Math.sin((age / 14) * Math.PI);
    }
  };
};

/** Hard light, deep blacks, no colour. */
export const noir: Style = easel => {
  const { luma } = easel;
  const fall = easel.vignette(0.75);
  const grain = grainOf(easel);
  let pivot: number | undefined;
  return (pixels, index) => {
    easel.look(pixels);
    // Half of every picture is shadow, however bright it was; what is half changes slowly.
    const mean = clamp(luma.reduce((sum, light) => sum + light, 0) / luma.length, 40, 190);
    pivot = pivot === undefined ? mean : mix(pivot, mean, 0.05);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const hard = 1 / (1 + Math.exp(-((luma[at] as number) - pivot * 1.04) / 21));
      const tone = (6 + 244 * hard + grain(index, at) * 7) * (fall[at] as number);
      pixels.fill(tone, to, to + 2);
      pixels[to + 2] = tone * 1.02;
    }
  };
};

const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const;
/** Rows of big pixels on the short side. */
const ROWS = 90;

/** Big square pixels in a few clear colours, shaded by dots. */
export const pixelArt: Style = ({ width, height }) => {
  const block = Math.max(2, Math.round(Math.min(width, height) / ROWS));
  const color = new Uint8ClampedArray(4);
  return pixels => {
    for (let top = 0, row = 0; top < height; top += block, row++) {
      for (let left = 0, column = 0; left < width; left += block, column++) {
        const [right, bottom] = [Math.min(width, left + block), Math.min(height, top + block)];
        const sums = [0, 0, 0];
        for (let y = top; y < bottom; y++)
          for (let from = (y * width + left) * 4; from < (y * width + right) * 4; from += 4)
            for (let channel = 0; channel < 3; channel++)
              sums[channel] = (sums[channel] as number) + (pixels[from + channel] as number);
        const count = (right - left) * (bottom - top);
        color.set([...sums.map(sum => sum / count), 255]);
        saturate(color, 0, 1.5);
        const dither = ((BAYER[(row % 4) * 4 + (column % 4)] as number) - 7.5) / 16;
        for (let channel = 0; channel < 3; channel++)
          color[channel] = Math.round((color[channel] as number) / 42 + dither * 0.4) * 42;
        for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) pixels.set(color, (y * width + x) * 4);
      }
    }
  };
};
