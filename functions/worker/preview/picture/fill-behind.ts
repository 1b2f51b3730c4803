/** The picture with its subject taken out and the gap closed from around, softly: what a camera that moves past the subject would see there. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';

/** From coarse to fine: a coarse copy reaches far into the gap, a fine one keeps to its edge. */
const REDUCTIONS = [96, 48, 24, 12, 6];
/** Drawn over itself this often, a faint edge becomes solid. */
const TIMES = 6;

/** `subject` is drawn at `left`, `top` of `picture` and transparent elsewhere. */
export function fillBehind(picture: Canvas, subject: Canvas, left: number, top: number): Canvas {
  const { width, height } = picture;
  const holed = createCanvas(width, height);
  const context = holed.getContext('2d');
  context.drawImage(picture, 0, 0);
  context.globalCompositeOperation = 'destination-out';
  // A little more than the subject: its outline would show as a rim.
  const grown = Math.max(2, Math.round(Math.min(width, height) / 90));
  for (const [x, y] of [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
    [-1, -1],
    [1, 1],
    [-1, 1],
    [1, -1],
  ] as const)
    context.drawImage(subject, left + x * grown, top + y * grown);
  const filled = createCanvas(width, height);
  const target = filled.getContext('2d');
  target.drawImage(picture, 0, 0);
  for (const reduction of REDUCTIONS) {
    const small = createCanvas(Math.max(2, Math.ceil(width / reduction)), Math.max(2, Math.ceil(height / reduction)));
    const pen = small.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(holed, 0, 0, small.width, small.height);
    target.imageSmoothingQuality = 'high';
    for (let time = 0; time < TIMES; time++) target.drawImage(small, 0, 0, width, height);
  }
  target.drawImage(holed, 0, 0);
  return filled;
}
