/** A printed greeting: the picture in faded inks on a card, large letters across it, a stamp and its postmark. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import type { Effect } from './effect.ts';
import { drawCovering } from './print.ts';
import { makeSurface } from './surface.ts';

export const postcard: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const unit = Math.min(width, height);
  const edge = Math.round(unit * 0.055);
  const picture = canvasOf(await openPicture(imagePaths[0], width - 2 * edge, height - 2 * edge));
  const card = makeSurface('paper', width, height, random);
  const mark = random.range(-0.3, -0.1);
  return context => {
    context.drawImage(card, 0, 0);
    context.filter = 'saturate(0.88) sepia(0.22) contrast(0.96)';
    context.drawImage(picture, edge, edge);
    context.filter = 'none';
    context.save();
    // The card's tooth shows through the ink.
    context.globalCompositeOperation = 'multiply';
    context.globalAlpha = 0.55;
    context.drawImage(card, 0, 0);
    context.restore();
    context.strokeStyle = 'rgba(60, 44, 30, 0.5)';
    context.lineWidth = Math.max(1, unit * 0.003);
    context.strokeRect(edge, edge, width - 2 * edge, height - 2 * edge);
    drawGreeting(context, edge, width, height, unit);
    const stamp = { width: unit * 0.2, height: unit * 0.25, x: width - edge * 1.7 - unit * 0.2, y: edge * 1.7 };
    drawStamp(context, stamp);
    context.save();
    context.beginPath();
    context.rect(stamp.x, stamp.y, stamp.width, stamp.height);
    context.clip();
    context.filter = 'sepia(0.5) saturate(1.3)';
    const inner = unit * 0.018;
    drawCovering(context, picture, stamp.x + inner, stamp.y + inner, stamp.width - 2 * inner, stamp.height - 2 * inner);
    context.restore();
    drawPostmark(context, stamp.x + unit * 0.01, stamp.y + stamp.height * 0.78, unit * 0.11, mark);
  };
};

function drawGreeting(context: SKRSContext2D, edge: number, width: number, height: number, unit: number): void {
  context.save();
  context.translate(edge * 2, height - edge * 2.4 - unit * 0.16);
  context.rotate(-0.05);
  context.transform(1, 0, -0.16, 1, 0, 0);
  const lines = [
    ['Greetings', Math.min(unit * 0.13, (width - 6 * edge) * 0.16)],
    ['from right here', Math.min(unit * 0.056, (width - 6 * edge) * 0.07)],
  ] as const;
  let y = 0;
  for (const [words, size] of lines) {
    context.font = labelFont(size);
    y += size * 1.02;
    context.lineJoin = 'round';
    context.lineWidth = size * 0.2;
    context.strokeStyle = 'rgba(40, 26, 46, 0.85)';
    context.strokeText(words, size * 0.05, y - size * 0.5 + size * 0.05);
    context.lineWidth = size * 0.1;
    context.strokeStyle = '#fff6e0';
    context.strokeText(words, 0, y - size * 0.5);
    const ink = context.createLinearGradient(0, y - size * 1.3, 0, y - size * 0.4);
    ink.addColorStop(0, '#f2b13c');
    ink.addColorStop(1, '#d8412f');
    context.fillStyle = ink;
    context.fillText(words, 0, y - size * 0.5);
  }
  context.restore();
}

/** White paper with a row of round bites along its edge. */
function drawStamp(context: SKRSContext2D, stamp: { x: number; y: number; width: number; height: number }): void {
  const tooth = stamp.width / 11;
  context.save();
  context.shadowColor = 'rgba(0, 0, 0, 0.4)';
  context.shadowBlur = tooth * 0.6;
  context.fillStyle = '#fbf7ea';
  context.beginPath();
  context.rect(stamp.x, stamp.y, stamp.width, stamp.height);
  const along = (from: number, length: number): number[] =>
    Array.from(
      { length: Math.round(length / tooth) + 1 },
      (_, index) => from + (index * length) / Math.round(length / tooth),
    );
  const bite = (x: number, y: number): void => {
    context.moveTo(x + tooth * 0.34, y);
    context.arc(x, y, tooth * 0.34, 0, Math.PI * 2);
  };
  for (const x of along(stamp.x, stamp.width)) for (const y of [stamp.y, stamp.y + stamp.height]) bite(x, y);
  for (const y of along(stamp.y, stamp.height)) for (const x of [stamp.x, stamp.x + stamp.width]) bite(x, y);
  context.fill();
  context.restore();
}

function drawPostmark(context: SKRSContext2D, x: number, y: number, radius: number, turn: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(turn);
  context.strokeStyle = 'rgba(32, 30, 60, 0.72)';
  context.fillStyle = 'rgba(32, 30, 60, 0.72)';
  context.lineWidth = radius * 0.05;
  for (const size of [1, 0.68]) {
    context.beginPath();
    context.arc(0, 0, radius * size, 0, Math.PI * 2);
    context.stroke();
  }
  for (let line = -2; line <= 2; line++) {
    context.beginPath();
    for (let step = 0; step <= 24; step++)
      context.lineTo(radius * (1.05 + step * 0.07), radius * (line * 0.3 + 0.07 * Math.sin(step * 0.8)));
    context.stroke();
  }
  context.font = labelFont(radius * 0.26);
  context.textAlign = 'center';
  context.fillText('MUTOSCOPE', 0, radius * 0.09, radius * 1.2);
  context.restore();
}
