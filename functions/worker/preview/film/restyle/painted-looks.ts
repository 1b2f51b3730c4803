/** Looks with a surface: watercolour, oil, paper cut-out. */
import { clamp, smoothstep } from '../../curves.ts';
import { boxBlur, edgesOf, lumaOf, paperOf } from '../../planes.ts';
import { Brush } from './brush.ts';
import { type Easel, type LookMaker, saturate, softStep } from './look.ts';

/** Washes on rough paper, pigment gathered at their edges, the sheet left white at the border. */
export const watercolour: LookMaker = easel => {
  const { width, height, unit, noises } = easel;
  const brush = new Brush(easel);
  const luma = new Float32Array(width * height);
  const edges = luma.slice();
  const scratch = luma.slice();
  const paper = paperOf(easel, (x, y) => noises.fine.at(x * 5, y * 5), unit);
  const blots = paperOf(easel, (x, y) => noises.soft.at(x * 0.9, y * 0.9), unit);
  const border = borderOf(easel);
  const wander = wandering(easel, 3.2 * unit);
  const before = new Uint32Array(width * height);
  return pixels => {
    displace(pixels, before, wander);
    brush.paint(pixels, Math.round(4 * unit));
    brush.paint(pixels, Math.max(1, Math.round(2 * unit)));
    lumaOf(pixels, luma);
    edgesOf(boxBlur(luma, easel, Math.max(1, Math.round(1.5 * unit)), luma, scratch), easel, edges);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      saturate(pixels, to, 1.35);
      const pool = 0.34 * smoothstep(14, 120, edges[at] as number);
      const wash = 0.8 + 0.34 * (blots[at] as number);
      const tooth = 0.9 + 0.16 * (paper[at] as number);
      const bare = border[at] as number;
      for (let channel = 0; channel < 3; channel++) {
        // Pigment takes light from the paper: the thinner, the more of the sheet is seen.
        const pigment = (1 - (pixels[to + channel] as number) / 255) * 0.82 * wash * bare + pool * bare;
        pixels[to + channel] = (252 - channel * 4) * tooth * (1 - clamp(pigment));
      }
    }
  };
};

/** Thick strokes that catch the light. */
export const oil: LookMaker = easel => {
  const { width, height, unit, noises } = easel;
  const brush = new Brush(easel);
  const luma = new Float32Array(width * height);
  const relief = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const turn = 2.4 * noises.soft.at((x * 0.35) / unit, (y * 0.35) / unit);
      const along = (x * Math.cos(turn) + y * Math.sin(turn)) / unit;
      const across = (y * Math.cos(turn) - x * Math.sin(turn)) / unit;
      relief[at] = noises.fine.at(along * 0.9, across * 5.5);
    }
  const wander = wandering(easel, 2.6 * unit);
  const before = new Uint32Array(width * height);
  return pixels => {
    displace(pixels, before, wander);
    brush.paint(pixels, Math.round(4 * unit));
    brush.paint(pixels, Math.max(1, Math.round(2.4 * unit)));
    lumaOf(pixels, luma);
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const to = at * 4;
        const next = x + 1 < width && y + 1 < height ? at + 1 + width : at;
        const ridge = (relief[at] as number) - (relief[next] as number);
        const step = ((luma[at] as number) - (luma[next] as number)) * 0.5;
        const shine = 34 * ridge + clamp(step, -22, 22);
        saturate(pixels, to, 1.4);
        for (let channel = 0; channel < 3; channel++)
          pixels[to + channel] = ((pixels[to + channel] as number) - 118) * 1.12 + 116 + shine;
      }
    }
  };
};

const LAYERS = 6;

/** Sheets of coloured card laid over each other, darkest at the back, each throwing a shadow. */
export const paperCut: LookMaker = easel => {
  const { width, height, unit, noises } = easel;
  const luma = new Float32Array(width * height);
  const scratch = luma.slice();
  const layer = luma.slice();
  const shadow = luma.slice();
  const fibre = paperOf(easel, (x, y) => noises.fine.at(x * 7, y * 7), unit);
  const brush = new Brush(easel);
  const colors = new Float64Array(LAYERS * 3);
  const drop = Math.max(1, Math.round(2.5 * unit));
  return (pixels, index) => {
    brush.paint(pixels, Math.round(4 * unit));
    lumaOf(pixels, luma);
    boxBlur(luma, easel, Math.max(1, Math.round(2 * unit)), luma, scratch);
    for (let at = 0; at < luma.length; at++)
      layer[at] = clamp(Math.floor(((luma[at] as number) / 256) * LAYERS * 1.02), 0, LAYERS - 1);
    mixCards(pixels, layer, colors, index);
    boxBlur(layer, easel, drop, shadow, scratch);
    for (let y = 0, at = 0; y < height; y++) {
      const up = Math.max(0, y - drop) * width;
      for (let x = 0; x < width; x++, at++) {
        const card = layer[at] as number;
        const over = (shadow[up + Math.max(0, x - drop)] as number) - card;
        const shade = (1 - 0.5 * smoothstep(0.02, 0.9, over)) * (0.93 + 0.12 * (fibre[at] as number));
        const to = at * 4;
        const r = pixels[to] as number;
        const g = pixels[to + 1] as number;
        const b = pixels[to + 2] as number;
        const grey = 0.299 * r + 0.587 * g + 0.114 * b;
        for (let channel = 0; channel < 3; channel++) {
          // A card keeps a hint of what it stands for, so that a red roof and a green tree of one brightness differ.
          const hint = softStep((pixels[to + channel] as number) - grey, 40, 0.3) * 0.7;
          pixels[to + channel] = ((colors[card * 3 + channel] as number) + hint) * shade;
        }
      }
    }
  };
};

/** Each card's colour: the mean of what it covers, made clearer; it changes slowly, so that cards do not flicker. */
function mixCards(pixels: Uint8ClampedArray, layer: Float32Array, colors: Float64Array, index: number): void {
  const sums = new Float64Array(LAYERS * 4);
  for (let at = 0; at < layer.length; at += 3) {
    const card = (layer[at] as number) * 4;
    for (let channel = 0; channel < 3; channel++)
      sums[card + channel] = (sums[card + channel] as number) + (pixels[at * 4 + channel] as number);
    sums[card + 3] = (sums[card + 3] as number) + 1;
  }
  for (let card = 0; card < LAYERS; card++) {
    const count = sums[card * 4 + 3] as number;
    const mean = [0, 1, 2].map(channel => (count > 0 ? (sums[card * 4 + channel] as number) / count : 128));
    const grey = (mean[0] as number) * 0.3 + (mean[1] as number) * 0.59 + (mean[2] as number) * 0.11;
    for (let channel = 0; channel < 3; channel++) {
      const clear = grey * 0.88 + 24 + ((mean[channel] as number) - grey) * 0.9;
      const at = card * 3 + channel;
      colors[at] = index === 0 ? clear : (colors[at] as number) + (clear - (colors[at] as number)) * 0.06;
    }
  }
}

/** 1 within the sheet, 0 at its ragged border. */
function borderOf({ width, height, unit, noises }: Easel): Float32Array {
  const border = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const near = Math.min(x, y, width - 1 - x, height - 1 - y) / unit;
      border[at] = smoothstep(2, 15, near + 9 * noises.soft.at((x * 1.6) / unit, (y * 1.6) / unit));
    }
  return border;
}

/** For each pixel the one that is painted there instead: a hand that does not follow edges exactly. The same in every frame. */
function wandering({ width, height, unit, noises }: Easel, reach: number): Uint32Array {
  const from = new Uint32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const dx = reach * noises.soft.at((x * 2.2) / unit, (y * 2.2) / unit);
      const dy = reach * noises.soft.at((y * 2.2) / unit + 90, (x * 2.2) / unit + 40);
      from[at] = clamp(Math.round(y + dy), 0, height - 1) * width + clamp(Math.round(x + dx), 0, width - 1);
    }
  return from;
}

function displace(pixels: Uint8ClampedArray, before: Uint32Array, from: Uint32Array): void {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, before.length);
  before.set(words);
  for (let at = 0; at < words.length; at++) words[at] = before[from[at] as number] as number;
}
