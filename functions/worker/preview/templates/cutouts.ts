/** Templates that take the subject out of its picture. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { canvasOf, openImage } from '../../media/open-image.ts';
import { blend, css } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { meanColor } from '../image/image-scene.ts';
import { Still } from '../image/warp.ts';
import { cutOut } from '../subject/cutout.ts';
import { fillBehind } from '../subject/fill.ts';
import { Stencil } from '../transition/changes.ts';
import { makeSurface, type Template } from './template.ts';

/** What spreads over more of the frame is a landscape and no subject. */
const MOST_OF_FRAME = 0.72;

/** The subject steps out of its own picture: the picture goes soft behind a white frame, and the subject grows over the frame's edge. */
export const parallaxPop: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openImage(imagePaths[0], width, height);
  const whole = canvasOf(picture);
  const cut = cutOut(picture);
  const isAlone = cut.how !== 'print' && cut.canvas.width * cut.canvas.height < MOST_OF_FRAME * width * height;
  const { canvas: subject, left, top } = isAlone ? cut : middleOf(whole);
  const shadow = createCanvas(width, height);
  const dark = shadow.getContext('2d');
  dark.filter = `blur(${Math.round(Math.min(width, height) / 36)}px)`;
  dark.drawImage(subject, left, top);
  dark.filter = 'none';
  dark.globalCompositeOperation = 'source-in';
  dark.fillStyle = 'rgb(0, 0, 8)';
  dark.fillRect(0, 0, width, height);
  const behind = createCanvas(width, height);
  const far = behind.getContext('2d');
  far.filter = `blur(${Math.max(2, Math.round(Math.min(width, height) / 110))}px) saturate(0.7) brightness(0.86)`;
  far.drawImage(isAlone ? fillBehind(whole, subject, left, top) : whole, 0, 0);
  const wall = makeSurface('wall', width, height, random);
  const unit = Math.min(width, height);
  const side = random.chance(0.5) ? 1 : -1;
  const footX = left + subject.width / 2;
  const footY = Math.min(height, top + subject.height);
  return (context, progress) => {
    const out = smoothstep(0.04, 0.42, progress);
    const sway = Math.sin(progress * Math.PI * 1.6) * out;
    const inset = unit * 0.13 * out;
    context.drawImage(wall, 0, 0);
    context.save();
    context.beginPath();
    context.rect(inset, inset, width - 2 * inset, height - 2 * inset);
    context.clip();
    context.drawImage(whole, 0, 0);
    context.globalAlpha = out;
    const slow = mix(1, 1.07, out);
    const x = -side * sway * width * 0.012;
    context.drawImage(
      behind,
      (width - width * slow) / 2 + x,
      (height - height * slow) / 2,
      width * slow,
      height * slow,
    );
    context.restore();
    context.strokeStyle = `rgba(255, 255, 255, ${out.toFixed(3)})`;
    context.lineWidth = unit * 0.024 * out;
    context.strokeRect(inset, inset, width - 2 * inset, height - 2 * inset);
    const size = mix(1, 1.16, out) + 0.03 * smoothstep(0.42, 1, progress);
    context.save();
    context.translate(footX + side * sway * width * 0.03, footY + out * unit * 0.03);
    context.scale(size, size);
    context.translate(-footX, -footY);
    context.globalAlpha = 0.6 * out;
    context.drawImage(shadow, unit * 0.025 * side, unit * 0.03);
    context.globalAlpha = 1;
    context.drawImage(subject, left, top);
    context.restore();
  };
};

/** Where there is no subject, the middle of the picture comes forward. */
function middleOf(whole: Canvas): { canvas: Canvas; left: number; top: number } {
  const left = Math.round(whole.width * 0.24);
  const top = Math.round(whole.height * 0.22);
  const canvas = createCanvas(whole.width - 2 * left, whole.height - 2 * top);
  const context = canvas.getContext('2d');
  context.beginPath();
  context.roundRect(0, 0, canvas.width, canvas.height, Math.min(canvas.width, canvas.height) * 0.06);
  context.clip();
  context.drawImage(whole, -left, -top);
  return { canvas, left, top };
}

/** The first picture's subject as a silhouette on a pale ground, and in it the second picture, alive; the subject's own shadows keep its form. */
export const doubleExposure: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openImage(imagePaths[0], width, height);
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
