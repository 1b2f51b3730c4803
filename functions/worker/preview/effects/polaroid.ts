/** An instant photo drops onto a table, settles, and develops from a milky green to full colour while the camera comes closer. */
import { mix, smoothstep } from '../curves.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import type { Effect } from './effect.ts';
import { drawPrint } from './print.ts';
import { makeSurface } from './surface.ts';

export const polaroid: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const unit = Math.min(width, height);
  const aspect = Math.min(1.35, Math.max(0.8, width / height));
  const paper = { height: unit * 0.84, edge: unit * 0.04, foot: unit * 0.14 };
  const inner = paper.height - paper.edge - paper.foot;
  const paperWidth = Math.min(inner * aspect + 2 * paper.edge, width * 0.86);
  const picture = canvasOf(await openPicture(imagePaths[0], Math.ceil(inner * aspect * 1.1), Math.ceil(inner * 1.1)));
  const table = makeSurface('wood', width, height, random);
  const rest = random.range(0.03, 0.08) * (random.chance(0.5) ? 1 : -1);
  return (context, progress) => {
    const fall = smoothstep(0, 0.2, progress) ** 0.7;
    const developed = smoothstep(0.08, 0.7, progress);
    const nearer = mix(1, 1.09, smoothstep(0.1, 1, progress));
    context.save();
    context.translate(width / 2, height / 2);
    context.scale(nearer, nearer);
    context.translate(-width / 2, -height / 2);
    context.drawImage(table, 0, 0);
    const size = mix(1.5, 1, fall);
    const print = {
      x: width / 2,
      y: height / 2 - (1 - fall) * height * 0.7,
      width: paperWidth * size,
      height: paper.height * size,
      edge: paper.edge * size,
      foot: paper.foot * size,
      turn: mix(rest - 0.5, rest, fall),
      lift: 1 - fall,
    };
    drawPrint(context, print, picture, (x, y, w, h) => {
      context.save();
      // The dye: first its grey, then colour by colour.
      context.globalCompositeOperation = 'saturation';
      context.globalAlpha = 1 - smoothstep(0.35, 0.95, developed);
      context.fillStyle = '#808080';
      context.fillRect(x, y, w, h);
      context.globalCompositeOperation = 'source-over';
      context.globalAlpha = 1 - smoothstep(0, 1, developed);
      context.fillStyle = '#8f9a8c';
      context.fillRect(x, y, w, h);
      context.globalAlpha = 0.1 + 0.2 * (1 - developed);
      const gloss = context.createLinearGradient(x, y, x + w, y + h);
      gloss.addColorStop(0, 'rgba(255, 255, 255, 0.9)');
      gloss.addColorStop(0.35, 'rgba(255, 255, 255, 0)');
      context.fillStyle = gloss;
      context.fillRect(x, y, w, h);
      context.restore();
    });
    context.restore();
  };
};
