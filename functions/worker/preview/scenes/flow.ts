/** An abstract video: folds of lit silk, computed per pixel at a third of the size and raised smoothly, for prompts that name no place. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { blend, type Color, hex, ramp, saturate, shade } from '../drawing/color.ts';
import { mix } from '../drawing/curves.ts';
import { makeMotes } from '../drawing/lights.ts';
import { fractalNoise } from '../drawing/random.ts';
import { atDepth, OVERSCAN, type SceneBuilder, type World } from './world.ts';

const SCHEMES: readonly [readonly string[], ...(readonly string[])[]] = [
  ['#0b1030', '#27318f', '#8a4fd8', '#f07ab8', '#ffd9a0'],
  ['#04201f', '#0c5a5a', '#23a79a', '#9fe0b0', '#fdf3c0'],
  ['#1a0a24', '#5c1a4f', '#c23a5e', '#f5894f', '#ffe0a3'],
  ['#071a33', '#12508f', '#3a9be0', '#a8dcf5', '#fff4e0'],
  ['#160c10', '#5a1e22', '#b0492f', '#e8a04a', '#fff0c4'],
];

export const makeFlow: SceneBuilder = world => {
  const { width, height, unit, random, direction } = world;
  const columns = Math.ceil((width * (1 + 2 * OVERSCAN.x)) / 4);
  const rows = Math.ceil((height * (1 + 2 * OVERSCAN.y)) / 4);
  const canvas = createCanvas(columns, rows);
  const context = canvas.getContext('2d');
  const image = new ImageData(columns, rows);
  const bytes = image.data;
  const table = ramp(schemeFor(world), 512);
  const field = new Float32Array(columns * rows);
  const offset = random.fork('silk').range(0, 256);
  const turn = random.fork('turn').range(-0.5, 0.5);
  // Cloth has no fine detail: two octaves only, at twice the usual size so that the slope between texels stays smooth.
  const silk = fractalNoise(random.fork('cloth'), 512, 8, 2, 0.3);
  const folds = 9;
  const texel = (92 / unit) * 4;
  const liquid = /liquid|fluid|ink|paint|lava|marble/.test(direction.text) ? 1.5 : 1;

  function compute(time: number): void {
    const cos = Math.cos(turn) * texel;
    const sin = Math.sin(turn) * texel;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        const u = (column - columns / 2) * cos - (row - rows / 2) * sin + offset;
        const v = (column - columns / 2) * sin + (row - rows / 2) * cos + offset;
        const bendU = silk.at(u * 0.55 + time * 1.8, v * 0.55 - time);
        const bendV = silk.at(u * 0.5 - time * 1.2 + 99, v * 0.6 + time * 1.4 + 40);
        field[at] =
          (silk.at(u * 0.5 + bendU * 26 * liquid + time, v * 0.8 + bendV * 26 * liquid) + bendU * 0.5) * folds +
          v * 0.06;
      }
    }
    for (let row = 0, at = 0; row < rows; row++) {
      const up = row === 0 ? 0 : columns;
      for (let column = 0; column < columns; column++, at++) {
        const here = field[at] as number;
        // The field is the phase of the folds: the slope of its sine is what faces the light or turns from it.
        const slopeX = here - (field[column === 0 ? at : at - 1] as number);
        const slopeY = here - (field[at - up] as number);
        const wave = Math.sin(here);
        const light = Math.cos(here) * (slopeX * 3.2 + slopeY * 4.6);
        const facing = light / (0.55 + Math.abs(light));
        const step = Math.min(511, Math.max(0, ((0.42 + wave * 0.2 + facing * 0.42) * 511) | 0)) * 3;
        const shine = Math.max(0, facing - 0.34);
        const gloss = shine * shine * 330;
        const to = at * 4;
        bytes[to] = (table[step] as number) + gloss;
        bytes[to + 1] = (table[step + 1] as number) + gloss;
        bytes[to + 2] = (table[step + 2] as number) + gloss;
        bytes[to + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  const dust = makeMotes(world, 'dust', {
    count: 42,
    color: world.light.glow,
    size: [0.002, 0.007],
    strength: 0.65,
    rise: 0.014,
    blink: 0.6,
  });
  return {
    paint(target, moment) {
      compute(moment.time);
      atDepth(target, world, moment.camera, 0.6, () => {
        target.imageSmoothingQuality = 'high';
        target.drawImage(
          canvas,
          -width * OVERSCAN.x,
          -height * OVERSCAN.y,
          width * (1 + 2 * OVERSCAN.x),
          height * (1 + 2 * OVERSCAN.y),
        );
        target.imageSmoothingQuality = 'low';
      });
      dust.paint(target, moment);
    },
  };
};

function schemeFor(world: World): Color[] {
  const named = world.direction.colors;
  const [first, second, third] = named;
  if (first === undefined) return world.random.fork('scheme').pick(SCHEMES).map(hex);
  const other = second ?? saturate(blend(first, [255, 236, 200], 0.35), 1.1);
  return [
    shade(first, 0.3),
    shade(first, mix(0.6, 0.7, 0.5)),
    first,
    other,
    blend(third ?? other, [255, 255, 255], 0.55),
  ];
}
