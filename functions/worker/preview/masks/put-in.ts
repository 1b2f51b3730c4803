/** A picture in the place of what a mask selects: it fills the mask's box, goes where the box goes, and is lit as the place is. */
import { openPicture } from '../picture/open-picture.ts';
import { type Box, boxesOf } from './mask-path.ts';
import { meansAbout } from './means-about.ts';
import type { FollowedMask, StudiedFilm } from './studied-film.ts';
import { light, lumaOf, toneOf } from './tone.ts';

/** The picture reaches this much beyond the box, so that no edge of it shows. */
const BEYOND = 1.05;
/** How much of the light and shade that lay on the place stays on the picture. */
const SHADING = 0.32;
/** Small pixels over which light and shade are taken. */
const SHADE_RADIUS = 9;

export type Put = (index: number, pixels: Uint8ClampedArray, alpha: Uint8Array) => void;

/** What paints the picture at `path` into a frame's `pixels` where `alpha` says. Throws MediaError `bad_image`. */
export async function putIn(film: StudiedFilm, mask: FollowedMask, path: string): Promise<Put> {
  const { view, small } = film;
  const boxes = boxesOf(mask.chosen, small.length, view.smallWidth);
  const keyBox = boxes[mask.key] as Box;
  const side = (half: number): number => Math.max(8, Math.round(half * 2 * BEYOND * view.scale));
  const picture = await openPicture(path, side(keyBox.halfWidth), side(keyBox.halfHeight));
  const rgba = new Uint8ClampedArray(picture.pixels.buffer);
  const keyFrame = small[mask.key] as Uint8ClampedArray;
  const chosen = mask.chosen(mask.key);
  light(
    rgba,
    toneOf(rgba, () => 1),
    toneOf(keyFrame, pixel => chosen[pixel] as number),
  );
  const usual = shadeOf(keyFrame, chosen, view.smallWidth, view.smallHeight);
  const level = levelOf(usual, chosen);
  return (index, pixels, alpha) => {
    const box = boxes[film.within(index)] as Box;
    const grown = Math.max(box.halfWidth / keyBox.halfWidth, box.halfHeight / keyBox.halfHeight);
    const now = mask.chosen(index);
    const shade = shadeOf(small[film.within(index)] as Uint8ClampedArray, now, view.smallWidth, view.smallHeight);
    const gains = shade.map(lit => (lit / level) ** SHADING);
    const across = (2 * keyBox.halfWidth * grown * BEYOND) / picture.width;
    const down = (2 * keyBox.halfHeight * grown * BEYOND) / picture.height;
    for (let y = 0, at = 0; y < view.height; y++) {
      const sy = view.smallY(y);
      const v = (sy - box.y) / down + picture.height / 2 - 0.5;
      const row = Math.round(Math.min(view.smallHeight - 1, Math.max(0, sy))) * view.smallWidth;
      for (let x = 0; x < view.width; x++, at++) {
        const share = (alpha[at] as number) / 255;
        if (share === 0) continue;
        const sx = view.smallX[x] as number;
        const u = (sx - box.x) / across + picture.width / 2 - 0.5;
        const gain = gains[row + Math.round(Math.min(view.smallWidth - 1, Math.max(0, sx)))] as number;
        lay(rgba, picture.width, picture.height, u, v, pixels, at * 4, share, gain);
      }
    }
  };
}

/** Broad light and shade of what is chosen, 0 to 255: what lies beside it does not count. */
function shadeOf(rgba: Uint8ClampedArray, chosen: Uint8Array, width: number, height: number): Float32Array {
  const own = new Float32Array(chosen.length);
  for (let pixel = 0; pixel < own.length; pixel++) if (chosen[pixel] === 1) own[pixel] = lumaOf(rgba, pixel);
  const weights = meansAbout(Float32Array.from(chosen), width, height, SHADE_RADIUS);
  const level = levelOf(own, chosen);
  return meansAbout(own, width, height, SHADE_RADIUS).map((sum, at) => {
    const weight = weights[at] as number;
    return Math.max(6, weight > 0.02 ? sum / weight : level);
  });
}

function levelOf(values: Float32Array, chosen: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < chosen.length; at++)
    if (chosen[at] === 1) {
      sum += values[at] as number;
      count++;
    }
  return Math.max(6, count === 0 ? 128 : sum / count);
}

/** Blends the bilinear colour at `u`, `v` over one pixel; beyond the picture its edge goes on. */
function lay(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  u: number,
  v: number,
  to: Uint8ClampedArray,
  at: number,
  share: number,
  gain: number,
): void {
  const px = Math.min(width - 1.001, Math.max(0, u));
  const py = Math.min(height - 1.001, Math.max(0, v));
  const left = px | 0;
  const top = py | 0;
  const fx = px - left;
  const fy = py - top;
  const from = (top * width + left) * 4;
  for (let channel = 0; channel < 3; channel++) {
    const a = rgba[from + channel] as number;
    const b = rgba[from + 4 + channel] as number;
    const c = rgba[from + width * 4 + channel] as number;
    const d = rgba[from + width * 4 + 4 + channel] as number;
    const color = ((a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy) * gain;
    const old = to[at + channel] as number;
    to[at + channel] = old + (color - old) * share;
  }
}
