/** The picture goes dark, its outlines flicker on as neon tubes, and a tube runs round the frame. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { blend, type Color, css, hex } from '../color.ts';
import { mix, smoothstep } from '../curves.ts';
import { openPicture, type Picture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import { COLOR_WORDS } from '../vocabulary.ts';
import { holds } from '../words.ts';
import type { Effect } from './effect.ts';
import { outlines } from './line-art.ts';

type Pair = readonly [string, string];
const PAIRS: readonly [Pair, ...Pair[]] = [
  ['#ff2d95', '#22d3ee'],
  ['#a855f7', '#38f9b0'],
  ['#ff7a18', '#4f8cff'],
];

export const neonFrame: Effect = async ({ imagePaths, format: { width, height }, random, text }) => {
  const picture = await openPicture(imagePaths[0], width, height);
  const pair = random.pick(PAIRS);
  const named = Object.entries(COLOR_WORDS).flatMap(([word, color]) => (holds(text, word) ? [color] : []));
  const colors = [named[0] ?? hex(pair[0]), named[1] ?? hex(pair[1])] as const;
  const day = canvasOf(picture);
  const tubes = neonLines(picture, colors);
  const glow = createCanvas(Math.ceil(width / 4), Math.ceil(height / 4));
  const soft = glow.getContext('2d');
  soft.imageSmoothingQuality = 'high';
  soft.filter = `blur(${Math.max(1.5, Math.min(width, height) / 170)}px)`;
  soft.drawImage(tubes, 0, 0, glow.width, glow.height);
  const flickers = Array.from({ length: 5 }, () => random.range(0.06, 0.3));
  const unit = Math.min(width, height);
  const inset = unit * 0.06;
  const length = 2 * (width + height - 4 * inset);
  return (context, progress, seconds) => {
    const night = smoothstep(0, 0.16, progress);
    const struck = flickers.some(at => Math.abs(progress - at) < 0.012) ? 0.25 : 1;
    const lit =
      smoothstep(0.1, 0.34, progress) * (progress < 0.34 ? struck : 1) * (0.93 + 0.07 * Math.sin(seconds * 9));
    const nearer = mix(1, 1.05, smoothstep(0, 1, progress));
    context.save();
    context.translate(width / 2, height / 2);
    context.scale(nearer, nearer);
    context.translate(-width / 2, -height / 2);
    context.drawImage(day, 0, 0);
    context.fillStyle = `rgba(6, 5, 22, ${(0.8 * night).toFixed(3)})`;
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = 'lighter';
    context.globalAlpha = lit * (0.85 + 0.15 * Math.sin(seconds * 2.1));
    context.drawImage(glow, 0, 0, width, height);
    context.globalAlpha = lit;
    context.drawImage(tubes, 0, 0);
    context.restore();

    const run = smoothstep(0.22, 0.62, progress);
    context.save();
    context.globalCompositeOperation = 'lighter';
    context.lineCap = 'round';
    context.setLineDash([length * run, length]);
    for (const [line, alpha, white] of [
      [0.06, 0.12, 0],
      [0.03, 0.3, 0.1],
      [0.011, 0.95, 0.4],
    ] as const) {
      context.beginPath();
      context.roundRect(inset, inset, width - 2 * inset, height - 2 * inset, unit * 0.05);
      context.lineWidth = unit * line;
      context.strokeStyle = css(
        blend(colors[0], [255, 255, 255], white),
        alpha * Math.min(1, run * 6) * (0.6 + 0.4 * lit),
      );
      context.stroke();
    }
    context.restore();
  };
};

/** A busy picture shows only its strongest outlines: tubes have to have dark between them. */
const LEASTS = [0.07, 0.12, 0.2, 0.32, 0.5];
const MOST_LIT = 0.09;

function tubesOf(picture: Picture): Float32Array {
  let strength: Float32Array = new Float32Array();
  for (const least of LEASTS) {
    strength = outlines(picture, least);
    if (strength.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0) < MOST_LIT * strength.length) break;
  }
  return strength;
}

/** The outlines alone, from the first colour at the top left to the second at the bottom right, white where they are strongest. */
function neonLines(picture: Picture, [first, second]: readonly [Color, Color]): Canvas {
  const { width, height } = picture;
  const strength = tubesOf(picture);
  const image = new ImageData(width, height);
  const steps = Array.from({ length: 33 }, (_, step) => blend(first, second, smoothstep(0.36, 0.64, step / 32)));
  for (let at = 0; at < strength.length; at++) {
    const value = strength[at] as number;
    const way = (((at % width) / width + Math.floor(at / width) / height) / 2) * 32;
    const color = steps[Math.round(way)] ?? second;
    const white = smoothstep(0.9, 1, value) * 0.2;
    for (let part = 0; part < 3; part++) image.data[at * 4 + part] = mix(color[part] as number, 255, white);
    image.data[at * 4 + 3] = 255 * value;
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
