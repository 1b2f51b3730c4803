/** Looks with outlines: anime, comic, pencil. */
import { clamp, smoothstep } from '../../curves.ts';
import { boxBlur, edgesOf, lumaOf, paperOf } from '../../planes.ts';
import { Brush } from './brush.ts';
import { type LookMaker, saturate, softStep } from './look.ts';

/** Flat cells of light and shade, clear colours, thin dark outlines. */
export const anime: LookMaker = easel => {
  const brush = new Brush(easel);
  const luma = new Float32Array(easel.width * easel.height);
  const edges = luma.slice();
  const scratch = luma.slice();
  const reach = Math.max(2, Math.round(2 * easel.unit));
  return pixels => {
    brush.paint(pixels, reach);
    lumaOf(pixels, luma);
    edgesOf(boxBlur(luma, easel, 1, scratch.slice(), scratch), easel, edges);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = luma[at] as number;
      const cell = softStep(light + 8, 42, 0.22) + 12;
      const gain = (cell + 6) / (light + 6);
      const line = 1 - 0.85 * smoothstep(70, 190, edges[at] as number);
      for (let channel = 0; channel < 3; channel++)
        pixels[to + channel] = (pixels[to + channel] as number) * gain * line;
      saturate(pixels, to, 1.55);
    }
  };
};

/** Printed dots whose size is the shade, few inks, thick lines. */
export const comic: LookMaker = easel => {
  const { width, height, unit } = easel;
  const brush = new Brush(easel);
  const luma = new Float32Array(width * height);
  const edges = luma.slice();
  const scratch = luma.slice();
  const dots = dotScreen(width, height, 5.2 * unit, Math.PI / 4);
  return pixels => {
    brush.paint(pixels, Math.max(2, Math.round(2 * unit)));
    lumaOf(pixels, luma);
    edgesOf(boxBlur(luma, easel, Math.max(1, Math.round(unit)), scratch.slice(), scratch), easel, edges);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = (luma[at] as number) / 255;
      const inked = smoothstep(-0.14, 0.14, 0.98 - light * 1.18 - (dots[at] as number));
      const line = 1 - smoothstep(90, 200, edges[at] as number);
      saturate(pixels, to, 1.9);
      for (let channel = 0; channel < 3; channel++) {
        const ink = softStep(pixels[to + channel] as number, 64, 0.3) + 28;
        const paper = ink + (252 - ink) * 0.55;
        pixels[to + channel] = (paper + (ink * 0.42 - paper) * inked) * line;
      }
    }
  };
};

/** For each pixel 0 at a dot's middle to 1 between dots. */
function dotScreen(width: number, height: number, pitch: number, angle: number): Float32Array {
  const screen = new Float32Array(width * height);
  const cos = (Math.cos(angle) * Math.PI) / pitch;
  const sin = (Math.sin(angle) * Math.PI) / pitch;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      screen[at] = 0.5 - 0.25 * (Math.cos((x * cos + y * sin) * 2) + Math.cos((y * cos - x * sin) * 2));
  return screen;
}

/** Graphite on paper: lines where light changes, hatching where it is dark. */
export const pencil: LookMaker = easel => {
  const { width, height, unit, noises } = easel;
  const luma = new Float32Array(width * height);
  const soft = luma.slice();
  const edges = luma.slice();
  const scratch = luma.slice();
  const paper = paperOf(easel, (x, y) => noises.fine.at(x * 9, y * 9), unit);
  const hatch = [hatching(1, 1, 3.4 * unit), hatching(1, -1, 3.9 * unit), hatching(0.3, 1, 4.2 * unit)];
  function hatching(dx: number, dy: number, pitch: number): Float32Array {
    const lines = new Float32Array(width * height);
    const norm = (2 * Math.PI) / (pitch * Math.hypot(dx, dy));
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        const wobble = 1.6 * noises.soft.at((x * 0.6) / unit, (y * 0.6) / unit);
        lines[at] = 0.5 + 0.5 * Math.cos((x * dx + y * dy) * norm + wobble);
      }
    return lines;
  }
  const [first, second, third] = hatch as [Float32Array, Float32Array, Float32Array];
  return pixels => {
    lumaOf(pixels, luma);
    boxBlur(luma, easel, Math.max(1, Math.round(0.6 * unit)), luma, scratch);
    boxBlur(luma, easel, Math.round(7 * unit), soft, scratch);
    edgesOf(luma, easel, edges);
    for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
      const light = (luma[at] as number) / 255;
      const tooth = 0.72 + 0.56 * (paper[at] as number);
      const dodge = clamp(((luma[at] as number) + 10) / ((soft[at] as number) + 10), 0.35, 1);
      const strokes =
        0.5 * smoothstep(0.72, 0.42, light) * (first[at] as number) ** 2 +
        0.55 * smoothstep(0.5, 0.24, light) * (second[at] as number) ** 2 +
        0.55 * smoothstep(0.3, 0.08, light) * (third[at] as number) ** 2 +
        0.16 * smoothstep(0.8, 0.1, light);
      const line = 0.85 * smoothstep(24, 130, edges[at] as number) + (1 - dodge) * 0.9;
      const graphite = clamp((strokes + line) * tooth);
      const sheet = 243 + 9 * (paper[at] as number);
      pixels[to] = sheet - graphite * (sheet - 42);
      pixels[to + 1] = sheet - 2 - graphite * (sheet - 44);
      pixels[to + 2] = sheet - 9 - graphite * (sheet - 54);
    }
  };
};
