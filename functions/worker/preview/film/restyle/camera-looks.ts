/** Looks of old cameras and old machines: vintage film, noir, pixel art. */
import { clamp, smoothstep } from '../../curves.ts';
import { lumaOf } from '../../planes.ts';
import { type Easel, type LookMaker, saturate } from './look.ts';

/** 1 in the middle to `1 - depth` in the corners. */
function vignetteOf({ width, height }: Easel, depth: number): Float32Array {
  const fall = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      fall[at] = 1 - depth * smoothstep(0.35, 1.05, Math.hypot(x / width - 0.5, y / height - 0.5) * 1.5);
  return fall;
}

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
export const vintage: LookMaker = easel => {
  const { width, height, unit, random } = easel;
  const fall = vignetteOf(easel, 0.55);
  const grain = grainOf(easel);
  const gate = new Float32Array(width * height);
  const corner = 16 * unit;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const dx = Math.max(0, corner - Math.min(x, width - 1 - x) + 5 * unit);
      const dy = Math.max(0, corner - Math.min(y, height - 1 - y) + 5 * unit);
      gate[at] = smoothstep(corner + 1.5 * unit, corner - 1.5 * unit, Math.hypot(dx, dy));
    }
  const scratches = Array.from({ length: 6 }, () => ({
    x: random.next(),
    from: random.whole(0, 90),
    drift: random.range(-0.2, 0.2),
  }));
  return (pixels, index) => {
    for (let at = 0, to = 0; at < gate.length; at++, to += 4) {
      const r = pixels[to] as number;
      const g = pixels[to + 1] as number;
      const b = pixels[to + 2] as number;
      const grey = 0.3 * r + 0.59 * g + 0.11 * b;
      const light = (fall[at] as number) * (gate[at] as number);
      const speck = grain(index, at) * 17;
      pixels[to] = ((grey * 0.55 + r * 0.45) * 0.84 + 46 + speck) * light;
      pixels[to + 1] = ((grey * 0.55 + g * 0.45) * 0.76 + 34 + speck) * light;
      pixels[to + 2] = ((grey * 0.62 + b * 0.38) * 0.58 + 26 + speck) * light;
    }
    for (const scratch of scratches) {
      const age = (index + scratch.from) % 96;
      if (age < 14)
        drawScratch(pixels, easel, scratch.x + (scratch.drift * age) / 400, 26 * Math.sin((age / 14) * Math.PI));
    }
  };
};

function drawScratch(pixels: Uint8ClampedArray, { width, height, unit }: Easel, place: number, strength: number): void {
  const left = clamp(Math.round(place * width), 0, width - 2);
  const wide = Math.max(1, Math.round(0.7 * unit));
  for (let y = 0; y < height; y++)
    for (let x = left; x < Math.min(width, left + wide); x++)
      for (let channel = 0; channel < 3; channel++) {
        const to = (y * width + x) * 4 + channel;
        pixels[to] = (pixels[to] as number) + strength;
      }
}

/** Hard light, deep blacks, no colour. */
export const noir: LookMaker = easel => {
  const fall = vignetteOf(easel, 0.75);
  const luma = new Float32Array(easel.width * easel.height);
  const grain = grainOf(easel);
  let pivot: number | undefined;
  return (pixels, index) => {
    lumaOf(pixels, luma);
    let sum = 0;
    for (let at = 0; at < luma.length; at += 7) sum += luma[at] as number;
    // Half of every picture is shadow, however bright it was; what is half changes slowly.
    const mean = clamp(sum / Math.ceil(luma.length / 7), 40, 190);
    pivot = pivot === undefined ? mean : pivot + (mean - pivot) * 0.05;
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const hard = 1 / (1 + Math.exp(-((luma[at] as number) - pivot * 1.04) / 21));
      const tone = (6 + 244 * hard + grain(index, at) * 7) * (fall[at] as number);
      pixels[to] = tone;
      pixels[to + 1] = tone;
      pixels[to + 2] = tone * 1.02;
    }
  };
};

const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const;
/** Rows of big pixels on the short side. */
const ROWS = 90;

/** Big square pixels in a few clear colours, shaded by dots. */
export const pixelArt: LookMaker = ({ width, height }) => {
  const block = Math.max(2, Math.round(Math.min(width, height) / ROWS));
  const color = new Uint8ClampedArray(4);
  return pixels => {
    for (let top = 0, row = 0; top < height; top += block, row++) {
      for (let left = 0, column = 0; left < width; left += block, column++) {
        const right = Math.min(width, left + block);
        const bottom = Math.min(height, top + block);
        let [r, g, b] = [0, 0, 0];
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) {
            const from = (y * width + x) * 4;
            r += pixels[from] as number;
            g += pixels[from + 1] as number;
            b += pixels[from + 2] as number;
          }
        const count = (right - left) * (bottom - top);
        color.set([r / count, g / count, b / count, 255]);
        saturate(color, 0, 1.5);
        const dither = ((BAYER[(row % 4) * 4 + (column % 4)] as number) - 7.5) / 16;
        for (let channel = 0; channel < 3; channel++)
          color[channel] = Math.round((color[channel] as number) / 42 + dither * 0.4) * 42;
        for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) pixels.set(color, (y * width + x) * 4);
      }
    }
  };
};
