/** A bright-rimmed opening grows from one place until the other picture fills the frame. */
import { blend, css } from '../color.ts';
import type { ChangeBuilder } from './change.ts';
import { Stencil } from './change.ts';

export const iris: ChangeBuilder = ({ width, height, random, glow }) => {
  const x = width * random.range(0.38, 0.62);
  const y = height * random.range(0.4, 0.6);
  const farthest = Math.hypot(Math.max(x, width - x), Math.max(y, height - y));
  const soft = Math.min(width, height) * 0.05;
  const stencil = new Stencil(width, height);
  const hot = blend(glow, [255, 255, 255], 0.6);
  return {
    span: 0.52,
    paint(context, from, to, amount) {
      const radius = amount * (farthest + soft * 3);
      context.drawImage(from, 0, 0);
      const inner = Math.max(0, radius - soft);
      const opened = stencil.cut(to, target => {
        const hole = target.createRadialGradient(x, y, inner, x, y, Math.max(inner + 0.01, radius));
        hole.addColorStop(0, 'rgba(0, 0, 0, 1)');
        hole.addColorStop(1, 'rgba(0, 0, 0, 0)');
        target.fillStyle = hole;
        target.fillRect(0, 0, width, height);
      });
      context.drawImage(opened, 0, 0);
      const rim = context.createRadialGradient(x, y, Math.max(0, radius - soft * 2.4), x, y, radius + soft * 1.6);
      const strength = Math.min(1, amount * 5);
      rim.addColorStop(0, css(glow, 0));
      rim.addColorStop(0.42, css(glow, 0.28 * strength));
      rim.addColorStop(0.54, css(hot, 0.9 * strength));
      rim.addColorStop(0.64, css(glow, 0.34 * strength));
      rim.addColorStop(1, css(glow, 0));
      context.save();
      context.globalCompositeOperation = 'screen';
      context.fillStyle = rim;
      context.fillRect(0, 0, width, height);
      context.restore();
    },
  };
};
