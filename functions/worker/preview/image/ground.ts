/**
 * What is put behind a picture that can be seen through: a ground on which it shows. A black sign on nothing would be lost on
 * black, and a white one on white, so its own lightness decides. Pure.
 */

/** Lightness of the grounds, 0 to 255, the first where several do as well: paper, night, and the grey between them. */
const GROUNDS = [255, 24, 128] as const;
/** Differences in lightness up to this are lost in a moving picture. */
const LOST = 40;
/** So little more lost is no reason for another ground: it is the soft edge of what is seen. */
const ALIKE = 0.03;

/** The ground's lightness, 0 to 255, for RGBA pixels; undefined where they are opaque and need none. */
export function groundFor(rgba: Uint8Array | Uint8ClampedArray): number | undefined {
  let isOpaque = true;
  for (let at = 3; at < rgba.length && isOpaque; at += 4) isOpaque = rgba[at] === 255;
  if (isOpaque) return undefined;
  const lost = GROUNDS.map(ground => lostShare(rgba, ground));
  const least = Math.min(...lost);
  return GROUNDS[lost.findIndex(share => share <= least + ALIKE)];
}

/** How much of what can be seen of RGBA pixels is about as light as `ground`, 0 to 1; 0 where nothing can. */
export function lostShare(rgba: Uint8Array | Uint8ClampedArray, ground: number): number {
  let [seen, lost] = [0, 0];
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    seen += alpha;
    const luma = 0.299 * (rgba[at] as number) + 0.587 * (rgba[at + 1] as number) + 0.114 * (rgba[at + 2] as number);
    if (Math.abs(luma - ground) <= LOST) lost += alpha;
  }
  return seen === 0 ? 0 : lost / seen;
}
