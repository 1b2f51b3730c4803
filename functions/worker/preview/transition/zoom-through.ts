/** The camera flies into the picture and out into the other, which opens in the middle and rushes up with it. */
import { createCanvas } from '@napi-rs/canvas';
import { clamp } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';
import { Stencil } from './change.ts';

/** How many times larger the first gets, and how many times smaller the second begins. Mirrored thrice each way it still fills the frame. */
const ZOOM = 2.8;
const SAMPLES = 10;

export const zoomThrough: ChangeBuilder = ({ width, height, random }) => {
  const x = width * random.range(0.46, 0.54);
  const y = height * random.range(0.46, 0.54);
  const farthest = Math.hypot(width, height) * 0.62;
  const stencil = new Stencil(width, height);
  const scene = createCanvas(width, height);
  const small = createCanvas(width, height);
  const tiles = [-1, 0, 1].flatMap(row => [-1, 0, 1].map(column => [column, row] as const));
  return {
    span: 0.6,
    paint(target, from, to, amount, pace) {
      const zoom = ZOOM ** amount;
      const context = scene.getContext('2d');
      context.setTransform(zoom, 0, 0, zoom, x * (1 - zoom), y * (1 - zoom));
      context.drawImage(from, 0, 0);
      context.resetTransform();

      const inner = small.getContext('2d');
      const scale = zoom / ZOOM;
      inner.setTransform(scale, 0, 0, scale, x * (1 - scale), y * (1 - scale));
      for (const [column, row] of tiles) {
        inner.save();
        inner.translate(column * width + (column === 0 ? 0 : width), row * height + (row === 0 ? 0 : height));
        inner.scale(column === 0 ? 1 : -1, row === 0 ? 1 : -1);
        inner.drawImage(to, 0, 0);
        inner.restore();
      }
      inner.resetTransform();
      const radius = farthest * 1.9 * clamp((amount - 0.08) / 0.84) ** 1.3;
      const opened = stencil.cut(small, mask => {
        const hole = mask.createRadialGradient(x, y, radius * 0.45, x, y, Math.max(0.01, radius));
        hole.addColorStop(0, 'rgba(0, 0, 0, 1)');
        hole.addColorStop(1, 'rgba(0, 0, 0, 0)');
        mask.fillStyle = hole;
        mask.fillRect(0, 0, width, height);
      });
      context.drawImage(opened, 0, 0);

      // Blurred towards the middle by what the zoom covers in a frame.
      const spread = ZOOM ** pace - 1;
      target.save();
      for (let sample = 0; sample < SAMPLES; sample++) {
        const near = 1 + (spread * 1.3 * sample) / SAMPLES;
        target.globalAlpha = 1 / (sample + 1);
        target.setTransform(near, 0, 0, near, x * (1 - near), y * (1 - near));
        target.drawImage(scene, 0, 0);
      }
      target.restore();
    },
  };
};
