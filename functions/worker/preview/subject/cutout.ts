/**
 * A subject on its own. A picture that brings transparency is cut along it; any other along the subject that is found in it; and one in
 * which none is found is not cut at all but stands as a print with a white edge, so that nobody's picture is left out.
 */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { canvasOf, type DecodedImage, openWholeImage } from '../../media/open-image.ts';
import { alphaOf, smallSize, viewOf } from './alpha.ts';
import { type LabPlanes, labPlanes } from './colors.ts';
import { fillBehind } from './fill.ts';
import { segment } from './segment.ts';

export interface Cutout {
  /** The subject, cropped to itself, transparent around. */
  readonly canvas: Canvas;
  /** Where in the picture it stood, in its pixels; 0 for a print. */
  readonly left: number;
  readonly top: number;
  readonly how: 'alpha' | 'segmented' | 'print';
  /** Whether the picture's lower edge cuts through it, as through a person seen from the waist up. */
  readonly cutBelow: boolean;
}

/** Pixels on the longest side: a subject fills less than the frame. */
const FINEST = 720;
/** Less than this share of see-through pixels is no cut-out but rounded corners. */
const LEAST_CLEAR = 0.03;
/** A subject is at least and at most this much of its picture, and touches the top and sides with no more than this much of them. */
const SHARE = [0.025, 0.8] as const;
const MOST_ON_BORDER = 0.24;
/** It is this much of all that stands out, and its outline parts colours at least this unlike: scenery does not. */
const LEAST_SURE = 0.45;
const LEAST_OUTLINE = 11;

/** Cuts the subject out of the file. Throws MediaError `bad_image`. */
export async function openCutout(path: string): Promise<Cutout> {
  return cutOut(await openWholeImage(path, FINEST, FINEST));
}

export function cutOut(picture: DecodedImage): Cutout {
  const clear = picture.pixels.reduce((count, pixel) => count + (pixel >>> 24 < 128 ? 1 : 0), 0);
  const seen = picture.pixels.length - clear;
  if (clear >= LEAST_CLEAR * picture.pixels.length && seen > 0)
    return { ...crop(picture), how: 'alpha', cutBelow: false };
  const alpha = subjectOf(picture);
  if (!alpha) return { canvas: print(picture), left: 0, top: 0, how: 'print', cutBelow: false };
  const pixels = picture.pixels.map((pixel, at) => (pixel & 0xffffff) | ((alpha[at] as number) << 24));
  const cropped = crop({ ...picture, pixels });
  return { ...cropped, how: 'segmented', cutBelow: isCutBelow(pixels, picture.width, cropped.canvas.width) };
}

/** The opacity of what stands out; undefined where nothing does, or where what does can be no subject. */
function subjectOf(picture: DecodedImage): Uint8Array | undefined {
  const { width, height } = picture;
  const size = smallSize(width, height);
  const shrunk = createCanvas(size.width, size.height).getContext('2d');
  shrunk.imageSmoothingQuality = 'high';
  shrunk.drawImage(canvasOf(picture), 0, 0, size.width, size.height);
  const small = shrunk.getImageData(0, 0, size.width, size.height).data;
  const planes = labPlanes(small, size.width, size.height);
  const { labels, masks, sure } = segment(planes);
  if (masks[0]?.name !== 'subject' || sure < LEAST_SURE || outlineOf(labels, planes) < LEAST_OUTLINE) return undefined;
  const chosen = labels.map(label => (label === 0 ? 1 : 0));
  let [inside, border] = [0, 0];
  for (let at = 0; at < chosen.length; at++) {
    if (chosen[at] === 0) continue;
    inside++;
    const x = at % size.width;
    if (x === 0 || x === size.width - 1 || at < size.width) border++;
  }
  const share = inside / chosen.length;
  if (share < SHARE[0] || share > SHARE[1] || border / (size.width + 2 * size.height) > MOST_ON_BORDER)
    return undefined;
  const view = viewOf(width, height, width, height);
  return alphaOf(view, chosen, small, new Uint8ClampedArray(picture.pixels.buffer), new Uint8Array(width * height));
}

/** Colour units between both sides of the subject's outline, on average: few where it was drawn through something that goes on. */
function outlineOf(labels: Uint8Array, { width, l, a, b }: LabPlanes): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at + 3 * width + 3 < labels.length; at++)
    for (const to of [at + 3, at + 3 * width]) {
      if ((labels[at] === 0) === (labels[to] === 0)) continue;
      count++;
      sum += Math.hypot(
        (l[at] as number) - (l[to] as number),
        (a[at] as number) - (a[to] as number),
        (b[at] as number) - (b[to] as number),
      );
    }
  return sum / Math.max(1, count);
}

/** A subject that is free to move, and the picture without it. */
export interface Actor extends Cutout {
  readonly behind: DecodedImage;
}

/** A picture as two: what stands out in it, free to move, and what lies behind, filled where it stood. Undefined where nothing stands out. */
export function actorOf(picture: DecodedImage): Actor | undefined {
  const cutout = cutOut(picture);
  if (cutout.how === 'print') return undefined;
  const { width, height } = picture;
  const behind = fillBehind(canvasOf(picture), cutout.canvas, cutout.left, cutout.top);
  const { data } = behind.getContext('2d').getImageData(0, 0, width, height);
  return {
    ...cutout,
    behind: { width, height, pixels: new Uint32Array(data.buffer, data.byteOffset, width * height) },
  };
}

/** Feet touch the lower edge here and there; what goes on below it fills a good part of its width there. */
function isCutBelow(pixels: Uint32Array, width: number, subjectWidth: number): boolean {
  const lowest = pixels.subarray(pixels.length - width);
  return lowest.reduce((count, pixel) => count + (pixel >>> 24 > 128 ? 1 : 0), 0) > 0.5 * subjectWidth;
}

/** The part of the picture that is not transparent. */
function crop(picture: DecodedImage): Pick<Cutout, 'canvas' | 'left' | 'top'> {
  const { width, height, pixels } = picture;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 0; at < pixels.length; at++) {
    if ((pixels[at] as number) >>> 24 < 40) continue;
    const x = at % width;
    const y = Math.floor(at / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right < left) return { canvas: canvasOf(picture), left: 0, top: 0 };
  const canvas = createCanvas(right - left + 1, bottom - top + 1);
  canvas.getContext('2d').drawImage(canvasOf(picture), -left, -top);
  return { canvas, left, top };
}

function print(picture: DecodedImage): Canvas {
  const edge = Math.round(Math.max(picture.width, picture.height) * 0.03);
  const canvas = createCanvas(picture.width + 2 * edge, picture.height + 2 * edge);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fbfaf6';
  context.beginPath();
  context.roundRect(0, 0, canvas.width, canvas.height, edge * 0.8);
  context.fill();
  context.drawImage(canvasOf(picture), edge, edge);
  return canvas;
}
