/** Holes in a picture closed from around, softly: what was taken out leaves no detail behind. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';

/** From coarse to fine: a coarse copy reaches far into the hole, a fine one keeps to its edge. */
const REDUCTIONS = [128, 64, 32, 16, 8, 4];
/** Drawn over itself this often, a faint edge becomes solid. */
const TIMES = 6;

/** `holed` is transparent where something is missing. */
export function filled(holed: Canvas): Canvas {
  const { width, height } = holed;
  const out = createCanvas(width, height);
  const context = out.getContext('2d');
  context.imageSmoothingQuality = 'high';
  for (const reduction of REDUCTIONS) {
    const small = createCanvas(Math.max(2, Math.ceil(width / reduction)), Math.max(2, Math.ceil(height / reduction)));
    const pen = small.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    for (let time = 0; time < TIMES; time++) pen.drawImage(holed, 0, 0, small.width, small.height);
    context.drawImage(small, 0, 0, width, height);
  }
  context.drawImage(holed, 0, 0);
  return out;
}

/** Fills RGBA `pixels` in place where `hole` (0 to 255) is open. */
export function fillHole(pixels: Uint8ClampedArray, hole: Uint8Array, width: number, height: number): void {
  const open = pixels.slice();
  // Next to a hole half is not to be trusted.
  for (let at = 0; at < hole.length; at++) open[at * 4 + 3] = 255 - Math.min(255, (hole[at] as number) * 4);
  const holed = createCanvas(width, height);
  holed.getContext('2d').putImageData(new ImageData(open, width, height), 0, 0);
  const { data } = filled(holed).getContext('2d').getImageData(0, 0, width, height);
  for (let at = 0, to = 0; at < hole.length; at++, to += 4) {
    const share = (hole[at] as number) / 255;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const own = pixels[to + channel] as number;
      pixels[to + channel] = own + ((data[to + channel] as number) - own) * share;
    }
  }
}

/** The picture without its subject, which is drawn at `left`, `top` and transparent elsewhere. */
export function fillBehind(picture: Canvas, subject: Canvas, left: number, top: number): Canvas {
  const holed = createCanvas(picture.width, picture.height);
  const context = holed.getContext('2d');
  context.drawImage(picture, 0, 0);
  context.globalCompositeOperation = 'destination-out';
  // A little more than the subject: its outline would show as a rim.
  const grown = Math.max(2, Math.round(Math.min(picture.width, picture.height) / 60));
  for (let turn = 0; turn < 12; turn++) {
    const angle = (turn * Math.PI) / 6;
    context.drawImage(subject, left + grown * Math.cos(angle), top + grown * Math.sin(angle));
  }
  return filled(holed);
}
