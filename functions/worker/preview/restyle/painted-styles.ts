/** Styles made by hand: anime, comic, pencil, watercolour, oil, paper cut-out. */
import { clamp, smoothstep } from '../drawing/curves.ts';
import { type Easel, type Style, saturate, softStep } from './easel.ts';

/** Flat cells of light and shade, clear colours, thin dark outlines. */
export const anime: Style = easel => pixels => {
  const { luma, edges } = easel;
  easel.brush(pixels, Math.max(2, Math.round(2 * easel.unit)));
  easel.look(pixels, 1);
  for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
    const light = luma[at] as number;
    const gain = (softStep(light + 8, 42, 0.22) + 18) / (light + 6);
    const line = 1 - 0.85 * smoothstep(70, 190, edges[at] as number);
    for (let channel = to; channel < to + 3; channel++) pixels[channel] = (pixels[channel] as number) * gain * line;
    saturate(pixels, to, 1.55);
  }
};

/** Printed dots whose size is the shade, few inks, thick lines. */
export const comic: Style = easel => {
  const { unit, luma, edges } = easel;
  const turn = (Math.SQRT1_2 * Math.PI) / (5.2 * unit);
  // 0 at a dot's middle to 1 between dots.
  const dots = easel.plane((x, y) => 0.5 - 0.25 * (Math.cos((x + y) * turn * 2) + Math.cos((y - x) * turn * 2)));
  return pixels => {
    easel.brush(pixels, Math.max(2, Math.round(2 * unit)));
    easel.look(pixels, unit);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const inked = smoothstep(-0.14, 0.14, 0.98 - ((luma[at] as number) / 255) * 1.18 - (dots[at] as number));
      const line = 1 - smoothstep(90, 200, edges[at] as number);
      saturate(pixels, to, 1.9);
      for (let channel = to; channel < to + 3; channel++) {
        const ink = softStep(pixels[channel] as number, 64, 0.3) + 28;
        const paper = ink + (252 - ink) * 0.55;
        pixels[channel] = (paper + (ink * 0.42 - paper) * inked) * line;
      }
    }
  };
};

/** Graphite on paper: lines where light changes, hatching where it is dark. */
export const pencil: Style = easel => {
  const { unit, noises, luma, edges } = easel;
  const paper = easel.paper(9);
  const hatching = (dx: number, dy: number, pitch: number): Float32Array => {
    const norm = (2 * Math.PI) / (pitch * unit * Math.hypot(dx, dy));
    return easel.plane((x, y) => {
      const wobble = 1.6 * noises.soft.at((x * 0.6) / unit, (y * 0.6) / unit);
      return (0.5 + 0.5 * Math.cos((x * dx + y * dy) * norm + wobble)) ** 2;
    });
  };
  const [first, second, third] = [hatching(1, 1, 3.4), hatching(1, -1, 3.9), hatching(0.3, 1, 4.2)];
  return pixels => {
    easel.look(pixels, 0.6 * unit);
    const soft = easel.blur(luma.slice(), 7 * unit);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = (luma[at] as number) / 255;
      const strokes =
        0.5 * smoothstep(0.72, 0.42, light) * (first[at] as number) +
        0.55 * smoothstep(0.5, 0.24, light) * (second[at] as number) +
        0.55 * smoothstep(0.3, 0.08, light) * (third[at] as number) +
        0.16 * smoothstep(0.8, 0.1, light);
      const dodge = 1 - clamp(((luma[at] as number) + 10) / ((soft[at] as number) + 10), 0.35, 1);
      const line = 0.85 * smoothstep(24, 130, edges[at] as number) + dodge * 0.9;
      const graphite = clamp((strokes + line) * (0.72 + 0.56 * (paper[at] as number)));
      const sheet = 243 + 9 * (paper[at] as number);
      pixels[to] = sheet - graphite * (sheet - 42);
      pixels[to + 1] = sheet - 2 - graphite * (sheet - 44);
      pixels[to + 2] = sheet - 9 - graphite * (sheet - 54);
    }
  };
};

/** Washes on rough paper, pigment gathered at their edges, the sheet left white at the border. */
export const watercolour: Style = easel => {
  const { width, height, unit, noises, luma, edges } = easel;
  const paper = easel.paper(5);
  const blots = easel.plane((x, y) => 0.5 + 0.5 * noises.soft.at((x * 0.9) / unit, (y * 0.9) / unit));
  const border = easel.plane((x, y) => {
    const near = Math.min(x, y, width - 1 - x, height - 1 - y) / unit;
    return smoothstep(2, 15, near + 9 * noises.soft.at((x * 1.6) / unit, (y * 1.6) / unit));
  });
  const wander = wandering(easel, 3.2 * unit);
  return pixels => {
    wander(pixels);
    easel.brush(pixels, Math.round(4 * unit) || 1);
    easel.brush(pixels, Math.max(1, Math.round(2 * unit)));
    easel.look(pixels, 1.5 * unit);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      saturate(pixels, to, 1.35);
      const bare = border[at] as number;
      const pool = 0.34 * smoothstep(14, 120, edges[at] as number) * bare;
      const wash = (0.8 + 0.34 * (blots[at] as number)) * 0.82 * bare;
      const tooth = 0.9 + 0.16 * (paper[at] as number);
      for (let channel = 0; channel < 3; channel++) {
        // Pigment takes light from the paper: the thinner, the more of the sheet is seen.
        const pigment = (1 - (pixels[to + channel] as number) / 255) * wash + pool;
        pixels[to + channel] = (252 - channel * 4) * tooth * (1 - clamp(pigment));
      }
    }
  };
};

/** Thick strokes that catch the light. */
export const oil: Style = easel => {
  const { width, height, unit, noises, luma } = easel;
  const relief = easel.plane((x, y) => {
    const turn = 2.4 * noises.soft.at((x * 0.35) / unit, (y * 0.35) / unit);
    const along = (x * Math.cos(turn) + y * Math.sin(turn)) / unit;
    return noises.fine.at(along * 0.9, ((y * Math.cos(turn) - x * Math.sin(turn)) / unit) * 5.5);
  });
  const wander = wandering(easel, 2.6 * unit);
  return pixels => {
    wander(pixels);
    easel.brush(pixels, Math.round(4 * unit) || 1);
    easel.brush(pixels, Math.max(1, Math.round(2.4 * unit)));
    easel.look(pixels);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const next = (at + 1) % width !== 0 && at + width < width * height - 1 ? at + 1 + width : at;
      const ridge = 34 * ((relief[at] as number) - (relief[next] as number));
      const shine = ridge + clamp(((luma[at] as number) - (luma[next] as number)) * 0.5, -22, 22);
      saturate(pixels, to, 1.4);
      for (let channel = to; channel < to + 3; channel++)
        pixels[channel] = ((pixels[channel] as number) - 118) * 1.12 + 116 + shine;
    }
  };
};

const LAYERS = 6;

/** Sheets of coloured card laid over each other, darkest at the back, each throwing a shadow. */
export const paperCut: Style = easel => {
  const { width, unit, luma } = easel;
  const fibre = easel.paper(7);
  const colors = new Float64Array(LAYERS * 3);
  const drop = Math.max(1, Math.round(2.5 * unit));
  return (pixels, index) => {
    easel.brush(pixels, Math.round(4 * unit) || 1);
    easel.look(pixels);
    const layer = easel
      .blur(luma, 2 * unit)
      .map(light => clamp(Math.floor((light / 256) * LAYERS * 1.02), 0, LAYERS - 1));
    mixCards(pixels, layer, colors, index);
    const shadow = easel.blur(layer.slice(), drop);
    for (let at = 0, to = 0; at < layer.length; at++, to += 4) {
      const card = layer[at] as number;
      const over = (shadow[Math.max(0, at - drop - drop * width)] as number) - card;
      const shade = (1 - 0.5 * smoothstep(0.02, 0.9, over)) * (0.93 + 0.12 * (fibre[at] as number));
      const grey =
        0.299 * (pixels[to] as number) + 0.587 * (pixels[to + 1] as number) + 0.114 * (pixels[to + 2] as number);
      for (let channel = 0; channel < 3; channel++) {
        // A card keeps a hint of what it stands for, so that a red roof and a green tree of one brightness differ.
        const hint = softStep((pixels[to + channel] as number) - grey, 40, 0.3) * 0.7;
        pixels[to + channel] = ((colors[card * 3 + channel] as number) + hint) * shade;
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

/** Each pixel from a little beside it: a hand that does not follow edges exactly. The same in every frame. */
function wandering(easel: Easel, reach: number): (pixels: Uint8ClampedArray) => void {
  const { width, height, unit, noises } = easel;
  const from = easel.plane((x, y) => {
    const dx = reach * noises.soft.at((x * 2.2) / unit, (y * 2.2) / unit);
    const dy = reach * noises.soft.at((y * 2.2) / unit + 90, (x * 2.2) / unit + 40);
    return clamp(Math.round(y + dy), 0, height - 1) * width + clamp(Math.round(x + dx), 0, width - 1);
  });
  const before = new Uint32Array(width * height);
  return pixels => {
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, before.length);
    before.set(words);
    for (let at = 0; at < words.length; at++) words[at] = before[from[at] as number] as number;
  };
}
