/** The net of light that waves throw on the sand: two folded noises sliding over each other, bright where both fold. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { Color } from './color.ts';
import { smoothstep } from './curves.ts';
import { atDepth, type Scene, type World } from './world.ts';

const COLUMNS = 320;
const ROWS = 56;

/** Lies on everything below `top` pixels. */
export function makeCaustics(world: World, top: number, color: Color): Scene {
  const { soft } = world.noises;
  const canvas = createCanvas(COLUMNS, ROWS);
  const context = canvas.getContext('2d');
  const image = new ImageData(COLUMNS, ROWS);
  return {
    paint(target, { time, camera }) {
      for (let row = 0, at = 0; row < ROWS; row++) {
        const near = row / ROWS;
        const away = 1 / (0.35 + near);
        const fade = smoothstep(0, 0.25, near) * 200;
        for (let column = 0; column < COLUMNS; column++, at += 4) {
          const u = (column - COLUMNS / 2) * away * 0.7;
          const v = away * 60;
          const bend = soft.at(u * 0.6 + time * 2, v * 0.6) * 7;
          const a = 1 - Math.abs(soft.at(u + bend + time * 3.4, v + time * 2.1)) * 4.6;
          const b = 1 - Math.abs(soft.at(u * 1.1 - time * 2.8 + 80, v * 1.1 + bend - time * 2.6)) * 4.6;
          const light = Math.max(0, a) * 0.6 + Math.max(0, b) * 0.6 + Math.max(0, a) * Math.max(0, b) * 1.4;
          image.data[at] = color[0];
          image.data[at + 1] = color[1];
          image.data[at + 2] = color[2];
          image.data[at + 3] = Math.min(1, light * light * 0.3) * fade * 0.7;
        }
      }
      context.putImageData(image, 0, 0);
      atDepth(target, world, camera, 0.7, () => {
        target.save();
        target.globalCompositeOperation = 'screen';
        target.drawImage(canvas, -world.width * 0.14, top, world.width * 1.28, world.height * 1.12 - top);
        target.restore();
      });
    },
  };
}
