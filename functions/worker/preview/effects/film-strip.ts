/** Three pictures on a strip of film that rolls past, slightly askew, with a light leak; it stops on each for a moment. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { mix, smoothstep } from '../curves.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import type { Effect } from './effect.ts';
import { drawCovering } from './print.ts';

const HOLES = 8;

export const filmStrip: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const frameHeight = Math.round(height * 0.74);
  const frameWidth = Math.round(Math.min(width * 0.84, frameHeight * 1.5));
  const cell = Math.round(frameWidth * 1.06);
  const pictures: Canvas[] = [];
  for (const path of imagePaths) pictures.push(canvasOf(await openPicture(path, frameWidth, frameHeight)));
  const strip = drawStrip(pictures, cell, height, frameWidth, frameHeight);
  const askew = random.range(0.012, 0.03) * (random.chance(0.5) ? 1 : -1);
  const leakAt = random.range(0.2, 0.8);
  const whole = strip.width;
  return (context, progress, seconds) => {
    const stops = pictures.length - 1;
    const place = Math.min(stops, progress * (stops + 0.35));
    const step = Math.floor(place);
    // Each picture stands for a third of its time, then the strip moves on.
    const rolled = Math.min(stops, step + smoothstep(0.34, 1, place - step));
    const middle = width / 2 - (rolled + 0.5) * cell;
    const weave = Math.sin(seconds * 23) * height * 0.0012;
    context.fillStyle = '#050506';
    context.fillRect(0, 0, width, height);
    context.save();
    context.translate(width / 2, height / 2 + weave);
    context.rotate(askew);
    context.scale(1.05, 1.05);
    context.translate(-width / 2, -height / 2);
    for (let left = middle - whole; left < width * 1.1; left += whole)
      if (left + whole > -width * 0.1) context.drawImage(strip, left, 0);
    context.restore();
    warm(context, width, height, mix(-0.3, 1.3, (leakAt + seconds * 0.23) % 1));
  };
};

/** The whole strip once; it repeats after its last picture. */
function drawStrip(
  pictures: readonly Canvas[],
  cell: number,
  height: number,
  frameWidth: number,
  frameHeight: number,
): Canvas {
  const strip = createCanvas(cell * pictures.length, height);
  const context = strip.getContext('2d');
  context.fillStyle = '#15120f';
  context.fillRect(0, 0, strip.width, height);
  const band = (height - frameHeight) / 2;
  for (const [index, picture] of pictures.entries()) {
    const left = index * cell;
    const x = left + (cell - frameWidth) / 2;
    context.save();
    context.beginPath();
    context.roundRect(x, band, frameWidth, frameHeight, frameHeight * 0.025);
    context.clip();
    drawCovering(context, picture, x, band, frameWidth, frameHeight);
    context.restore();
    context.fillStyle = '#e9dcc0';
    for (let hole = 0; hole < HOLES; hole++) {
      const at = left + ((hole + 0.5) * cell) / HOLES - cell * 0.028;
      for (const top of [band * 0.26, height - band * 0.74]) {
        context.beginPath();
        context.roundRect(at, top, cell * 0.056, band * 0.48, band * 0.12);
        context.fill();
      }
    }
  }
  return strip;
}

/** A light leak: warm, from one side to the other. */
function warm(context: SKRSContext2D, width: number, height: number, place: number): void {
  const x = place * width;
  const leak = context.createRadialGradient(x, 0, 0, x, 0, height * 1.1);
  leak.addColorStop(0, 'rgba(255, 150, 60, 0.42)');
  leak.addColorStop(0.5, 'rgba(255, 90, 50, 0.12)');
  leak.addColorStop(1, 'rgba(255, 60, 40, 0)');
  context.save();
  context.globalCompositeOperation = 'screen';
  context.fillStyle = leak;
  context.fillRect(0, 0, width, height);
  context.restore();
}
