/** The first picture's subject as a silhouette on a pale ground, and in it the second picture, alive; the subject's own shadows keep its form. */
import { createCanvas } from '@napi-rs/canvas';
import { blend, css } from '../color.ts';
import { clamp, mix, smoothstep } from '../curves.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import { meanColor } from '../picture/picture-scene.ts';
import { Still } from '../picture/still.ts';
import { cutOut } from '../subject/cutout.ts';
import { Stencil } from '../transition/changes.ts';
import type { Effect } from './effect.ts';

export const doubleExposure: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openPicture(imagePaths[0], width, height);
  const second = await Still.open(imagePaths[1] ?? imagePaths[0], width, height);
  const cut = cutOut(picture);
  const silhouette = createCanvas(width, height);
  const shape = silhouette.getContext('2d');
  if (cut.how === 'print') shape.drawImage(canvasOf(picture), 0, 0);
  else shape.drawImage(cut.canvas, cut.left, cut.top);
  const tones = createCanvas(width, height);
  const form = tones.getContext('2d');
  form.filter = 'grayscale(1) contrast(1.25) brightness(1.12)';
  form.drawImage(silhouette, 0, 0);
  const stencil = new Stencil(width, height);
  const mean = meanColor(second.picture);
  const longer = clamp(1.1 - (mean[0] + mean[1] + mean[2]) / 360);
  const pale = blend(mean, [250, 246, 238], 0.84);
  const side = random.chance(0.5) ? 1 : -1;
  return (context, progress) => {
    const into = smoothstep(0.06, 0.55, progress);
    const push = mix(0.06, 0.24, progress);
    const world = second.at({ push, x: side * push * mix(-0.25, 0.25, progress), y: 0 });
    const ground = context.createRadialGradient(
      width / 2,
      height * 0.45,
      0,
      width / 2,
      height / 2,
      Math.hypot(width, height) * 0.6,
    );
    ground.addColorStop(0, css(blend(pale, [255, 255, 255], 0.5)));
    ground.addColorStop(1, css(pale));
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    context.save();
    context.globalAlpha = 0.16 * into;
    context.drawImage(world, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(silhouette, 0, 0);
    context.globalAlpha = into;
    const inside = stencil.cut(world, target => target.drawImage(silhouette, 0, 0));
    context.drawImage(inside, 0, 0);
    // A dark picture is exposed longer, or the form would drown in it.
    context.globalCompositeOperation = 'screen';
    context.globalAlpha = longer * into;
    context.drawImage(inside, 0, 0);
    // Its own light over the other's colours: multiplied for the form, screened for the highlights.
    context.globalCompositeOperation = 'multiply';
    context.globalAlpha = 0.34 * into;
    context.drawImage(tones, 0, 0);
    context.globalCompositeOperation = 'screen';
    context.globalAlpha = 0.22 * into;
    context.drawImage(tones, 0, 0);
    context.restore();
  };
};
