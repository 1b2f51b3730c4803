/**
 * A hole in a picture filled from all around it: colours are gathered into ever smaller pictures until no hole is left, and handed back down
 * into what is missing (push and pull). Smooth, without detail, and never sharper than what it stands beside. Colours are fetched from the
 * sides before they are fetched from above and below: skies, seas and floors change downwards, not across.
 */

/** Times that a picture is made narrower before it is made lower too. */
const SIDEWAYS = 4;

interface Level {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and how much is known, four numbers a pixel. */
  readonly values: Float32Array;
}

interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fills `rgba` in place where `hole` (0 to 255) is open; a half-open pixel keeps half of itself. */
export function fillHole(rgba: Uint8ClampedArray, hole: Uint8Array, width: number, height: number): void {
  const window = windowAbout(hole, width, height);
  if (!window) return;
  const values = new Float32Array(window.width * window.height * 4);
  const place = (at: number): number =>
    (window.top + Math.floor(at / window.width)) * width + window.left + (at % window.width);
  for (let at = 0; at < values.length / 4; at++) {
    const from = place(at);
    // Next to a hole half is not to be trusted.
    const known = Math.max(0, 1 - (hole[from] as number) / 64);
    for (let channel = 0; channel < 3; channel++)
      values[at * 4 + channel] = (rgba[from * 4 + channel] as number) * known;
    values[at * 4 + 3] = known;
  }
  const levels: Level[] = [{ width: window.width, height: window.height, values }];
  for (let level = levels[0] as Level; level.width > 2 || level.height > 2; ) {
    level = halved(level, level.width > 2 ? 1 : 0, levels.length > SIDEWAYS && level.height > 2 ? 1 : 0);
    levels.push(level);
  }
  for (let index = levels.length - 2; index >= 0; index--) complete(levels[index] as Level, levels[index + 1] as Level);
  for (let at = 0; at < values.length / 4; at++) {
    const to = place(at);
    const share = (hole[to] as number) / 255;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const own = rgba[to * 4 + channel] as number;
      rgba[to * 4 + channel] = own + ((values[at * 4 + channel] as number) - own) * share;
    }
  }
}

/** The hole and as much again on each side; undefined where there is none. */
function windowAbout(hole: Uint8Array, width: number, height: number): Window | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (hole[at] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  if (right < 0) return undefined;
  const [beside, about] = [right - left + 8, bottom - top + 8];
  const from = { left: Math.max(0, left - beside), top: Math.max(0, top - about) };
  return {
    ...from,
    width: Math.min(width, right + beside) - from.left,
    height: Math.min(height, bottom + about) - from.top,
  };
}

/** Half as wide where `across` is 1, half as high where `down` is; what is known of several pixels is known of one. */
function halved({ width, height, values }: Level, across: number, down: number): Level {
  const [w, h] = [(width + across) >> across, (height + down) >> down];
  const out = new Float32Array(w * h * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = ((y >> down) * w + (x >> across)) * 4;
      for (let channel = 0; channel < 4; channel++)
        out[to + channel] = (out[to + channel] as number) + (values[from + channel] as number);
    }
  for (let at = 0; at < out.length; at += 4) {
    const known = out[at + 3] as number;
    const share = known > 1 ? 1 / known : 1;
    for (let channel = 0; channel < 4; channel++) out[at + channel] = (out[at + channel] as number) * share;
  }
  return { width: w, height: h, values: out };
}

/** What is not known of `fine` comes from `coarse`, straight between its pixels; both hold colour times what is known. */
function complete(fine: Level, coarse: Level): void {
  const { width, height, values } = fine;
  const placeOf = (at: number, whole: number, half: number): number =>
    half === whole ? at : Math.min(half - 1, Math.max(0, (at - 0.5) / 2));
  for (let y = 0; y < height; y++) {
    const py = placeOf(y, height, coarse.height);
    const top = Math.min(coarse.height - 2, Math.floor(py));
    const fy = py - Math.max(0, top);
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const known = values[at + 3] as number;
      if (known >= 0.999) continue;
      const px = placeOf(x, width, coarse.width);
      const left = Math.min(coarse.width - 2, Math.floor(px));
      const fx = px - Math.max(0, left);
      const from = (Math.max(0, top) * coarse.width + Math.max(0, left)) * 4;
      const right = coarse.width > 1 ? 4 : 0;
      const below = coarse.height > 1 ? coarse.width * 4 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const a = coarse.values[from + channel] as number;
        const b = coarse.values[from + right + channel] as number;
        const c = coarse.values[from + below + channel] as number;
        const d = coarse.values[from + below + right + channel] as number;
        const found = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
        values[at + channel] = (values[at + channel] as number) + found * (1 - known);
      }
      values[at + 3] = 1;
    }
  }
}
