/** Holes in a picture closed from around, softly: what was taken out leaves no detail behind. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';

/** Red, green, blue, each times what is known of the pixel, and that: four numbers a pixel. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Fills RGBA `pixels` in place where `hole` (0 to 255) is open: colours are gathered into ever smaller pictures and handed back down. */
export function fillHole(pixels: Uint8ClampedArray, hole: Uint8Array, width: number, height: number): void {
  const values = Float32Array.from(pixels);
  for (let at = 0; at < hole.length; at++) {
    const known = (hole[at] as number) > 4 ? 0 : 1;
    values[at * 4 + 3] = known;
    if (known === 0) values.fill(0, at * 4, at * 4 + 3);
  }
  complete({ width, height, values });
  for (let at = 0, to = 0; at < hole.length; at++, to += 4) {
    const share = (hole[at] as number) / 255;
    if (share === 0) continue;
    for (let channel = to; channel < to + 3; channel++) {
      const own = pixels[channel] as number;
      pixels[channel] = own + ((values[channel] as number) - own) * share;
    }
  }
}

/** What is not known comes from the same picture half as large, straight between its pixels. */
function complete({ width, height, values }: Level): void {
  if (width < 3 && height < 3) return;
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1];
  const half = new Float32Array(w * h * 4);
  for (let at = 0; at < width * height; at++) {
    const to = ((Math.floor(at / width) >> 1) * w + ((at % width) >> 1)) * 4;
    for (let part = 0; part < 4; part++)
      half[to + part] = (half[to + part] as number) + (values[at * 4 + part] as number);
  }
  for (let at = 0; at < half.length; at += 4) {
    const share = 1 / Math.max(1, half[at + 3] as number);
    for (let part = at; part < at + 4; part++) half[part] = (half[part] as number) * share;
  }
  complete({ width: w, height: h, values: half });
  for (let at = 0; at < values.length; at += 4) {
    const known = values[at + 3] as number;
    if (known > 0.999) continue;
    const px = Math.min(w - 1, Math.max(0, (((at / 4) % width) - 0.5) / 2));
    const py = Math.min(h - 1, Math.max(0, (Math.floor(at / 4 / width) - 0.5) / 2));
    const [left, top] = [Math.floor(px), Math.floor(py)];
    const [right, below] = [Math.min(w - 1, left + 1), Math.min(h - 1, top + 1)];
    for (let part = 0; part < 3; part++) {
      const of = (x: number, y: number): number => half[(y * w + x) * 4 + part] as number;
      const upper = of(left, top) + (of(right, top) - of(left, top)) * (px - left);
      const lower = of(left, below) + (of(right, below) - of(left, below)) * (px - left);
      values[at + part] = (values[at + part] as number) + (upper + (lower - upper) * (py - top)) * (1 - known);
    }
    values[at + 3] = 1;
  }
}

/** The picture without its subject, which is drawn at `left`, `top` and transparent elsewhere. */
export function fillBehind(picture: Canvas, subject: Canvas, left: number, top: number): Canvas {
  const { width, height } = picture;
  const shape = createCanvas(width, height).getContext('2d');
  // A little more than the subject: its outline would show as a rim.
  const grown = Math.max(2, Math.round(Math.min(width, height) / 60));
  for (let turn = 0; turn < 12; turn++)
    shape.drawImage(
      subject,
      left + grown * Math.cos((turn * Math.PI) / 6),
      top + grown * Math.sin((turn * Math.PI) / 6),
    );
  const { data } = shape.getImageData(0, 0, width, height);
  const image = picture.getContext('2d').getImageData(0, 0, width, height);
  const hole = Uint8Array.from({ length: width * height }, (_, at) => data[at * 4 + 3] as number);
  fillHole(image.data, hole, width, height);
  const out = createCanvas(width, height);
  out.getContext('2d').putImageData(image, 0, 0);
  return out;
}
