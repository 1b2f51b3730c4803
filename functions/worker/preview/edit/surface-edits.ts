/** Edits that paint a surface anew: another look, or made unrecognisable. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { chooseLooks } from '../film/restyle/choose-look.ts';
import { LOOK_MAKERS } from '../film/restyle/look-makers.ts';
import { makeNoises } from '../noise.ts';
import { holds } from '../words.ts';
import { blendIn, type Painter } from './edit-frame.ts';
import type { Floor } from './floor.ts';
import type { Edit } from './read-edits.ts';

/** The look that the words come nearest to. */
export function restyle({ text }: Edit, { width, height, seed, random }: Floor): Painter {
  const [look] = chooseLooks({ prompt: text }, seed);
  const easel = {
    width,
    height,
    unit: Math.min(width, height) / 360,
    random: random.fork(`look ${text}`),
    noises: makeNoises(random.fork('noises')),
  };
  const paint = LOOK_MAKERS[look?.name ?? 'Anime'].make(easel);
  return (frame, alpha) => {
    const painted = frame.pixels.slice();
    paint(painted, frame.index);
    blendIn(frame, painted, alpha);
  };
}

/** Blocks of this share of the shorter side, and blur of this one. */
const BLOCK = 1 / 22;
const BLUR = 1 / 26;

/** Blocks where the words ask for them, else a blur: a frame made small and large again. */
export function hide({ text }: Edit, { width, height }: Floor): Painter {
  const blocks = ['pixelate', 'mosaic', 'censor', '打码', '马赛克'].some(word => holds(text, word));
  const size = Math.max(2, Math.min(width, height) * (blocks ? BLOCK : BLUR));
  const [w, h] = [Math.max(2, Math.round(width / size)), Math.max(2, Math.round(height / size))];
  const whole = createCanvas(width, height).getContext('2d');
  const half = createCanvas(Math.ceil(width / 4), Math.ceil(height / 4)).getContext('2d');
  const small = createCanvas(w, h).getContext('2d');
  return (frame, alpha) => {
    whole.putImageData(new ImageData(frame.pixels.slice(), width, height), 0, 0);
    // By way of a quarter: one step down to a twentieth would pick single pixels, which flicker.
    half.drawImage(whole.canvas, 0, 0, half.canvas.width, half.canvas.height);
    small.imageSmoothingQuality = 'high';
    small.drawImage(half.canvas, 0, 0, w, h);
    whole.imageSmoothingEnabled = !blocks;
    whole.imageSmoothingQuality = 'high';
    whole.drawImage(small.canvas, 0, 0, width, height);
    blendIn(frame, whole.getImageData(0, 0, width, height).data, alpha);
  };
}
