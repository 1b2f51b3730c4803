/** The subject steps out of its own picture: the picture goes soft behind a white frame, and the subject grows over the frame's edge towards the camera. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { mix, smoothstep } from '../curves.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import { cutOut } from '../subject/cutout.ts';
import { fillBehind } from '../subject/fill.ts';
import type { Effect } from './effect.ts';
import { makeSurface } from './surface.ts';

/** What spreads over more of the frame is a landscape and no subject. */
const MOST_OF_FRAME = 0.72;

export const parallaxPop: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openPicture(imagePaths[0], width, height);
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
