/** Three prints taped to a page of card, overlapping as a hand would lay them. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import type { Effect } from './effect.ts';
import { drawPrint } from './print.ts';
import { makeSurface } from './surface.ts';

/** Where the prints lie in a broad frame; in a tall one x and y change places. In fractions of the frame. */
const PLACES = [
  { x: 0.27, y: 0.4, turn: -0.07 },
  { x: 0.72, y: 0.36, turn: 0.06 },
  { x: 0.48, y: 0.69, turn: -0.015 },
] as const;

export const scrapbook: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const page = makeSurface('card', width, height, random);
  const isBroad = width >= height;
  const long = (isBroad ? width : height) * 0.41;
  const size = { width: Math.min(long, width * 0.62), height: Math.min(long * 0.76, height * 0.56) };
  const prints: { picture: Canvas; x: number; y: number; turn: number }[] = [];
  for (const [index, path] of imagePaths.entries()) {
    const place = PLACES[index % PLACES.length] ?? PLACES[0];
    const picture = canvasOf(await openPicture(path, Math.ceil(size.width), Math.ceil(size.height)));
    const [x, y] = isBroad ? [place.x, place.y] : [0.5 + (place.y - 0.5) * 0.6, place.x + 0.02];
    prints.push({ picture, x: x * width, y: y * height, turn: place.turn + random.range(-0.025, 0.025) });
  }
  const edge = Math.min(size.width, size.height) * 0.045;
  return context => {
    context.drawImage(page, 0, 0);
    for (const { picture, x, y, turn } of prints) {
      drawPrint(context, { ...size, x, y, turn, edge, foot: edge }, picture);
      tape(context, x, y, turn, size);
    }
  };
};

/** A strip of tape over the upper edge. */
function tape(
  context: SKRSContext2D,
  x: number,
  y: number,
  turn: number,
  { width, height }: { width: number; height: number },
): void {
  context.save();
  context.translate(x, y);
  context.rotate(turn);
  context.translate(0, -height / 2);
  context.rotate(turn * 0.9);
  context.fillStyle = 'rgba(250, 240, 205, 0.62)';
  context.shadowColor = 'rgba(0, 0, 0, 0.25)';
  context.shadowBlur = height * 0.01;
  context.fillRect(-width * 0.13, -height * 0.045, width * 0.26, height * 0.09);
  context.restore();
}
