/** Rings run out over the picture as over water, and when it is calm again it is the other. */
import { smoothstep } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';
import { Mask, Stencil } from './change.ts';

const REACH = 0.011;

export const ripple: ChangeBuilder = ({ width, height, random }) => {
  const x0 = random.range(0.35, 0.65);
  const y0 = random.range(0.4, 0.7);
  const aspect = width / height;
  const mask = new Mask(width, height, 0.25);
  const stencil = new Stencil(width, height);
  const away = (x: number, y: number): number => Math.hypot((x - x0) * aspect, y - y0) / Math.max(1, aspect);
  return {
    span: 0.7,
    bend(x, y, amount, out) {
      const far = away(x, y);
      const edge = Math.min(x, 1 - x, y, 1 - y);
      const strength = REACH * Math.min(1, amount * 2) * smoothstep(0, 0.09, edge) * smoothstep(0, 0.08, far);
      const wave = Math.sin(far * 34 - amount * 20) * strength;
      out.x = (wave * (x - x0)) / Math.max(0.02, far);
      out.y = (wave * (y - y0)) / Math.max(0.02, far);
    },
    paint(context, from, to, amount) {
      mask.fill(cell => {
        const x = (cell % mask.columns) / mask.columns;
        const y = Math.floor(cell / mask.columns) / mask.rows;
        return smoothstep(0, 0.42, amount * 1.42 - Math.min(1, away(x, y)));
      });
      context.drawImage(from, 0, 0);
      context.drawImage(
        stencil.cut(to, (target, w, h) => target.drawImage(mask.canvas, 0, 0, w, h)),
        0,
        0,
      );
    },
  };
};
