/**
 * A hole in a picture filled from all around it: colours are gathered into ever smaller pictures until no hole is left, and handed back down
 * into what is missing (push and pull). Smooth, without detail, and never sharper than what it stands beside.
 */

interface Level {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and how much is known, four numbers a pixel. */
  readonly values: Float32Array;
}

/** Fills `rgba` in place where `hole` (0 to 255) is open; a half-open pixel keeps half of itself. */
export function fillHole(rgba: Uint8ClampedArray, hole: Uint8Array, width: number, height: number): void {
  const values = new Float32Array(width * height * 4);
  for (let at = 0; at < hole.length; at++) {
    // Next to a hole half is not to be trusted.
    const known = Math.max(0, 1 - (hole[at] as number) / 64);
    for (let channel = 0; channel < 3; channel++) values[at * 4 + channel] = (rgba[at * 4 + channel] as number) * known;
    values[at * 4 + 3] = known;
  }
  const levels: Level[] = [{ width, height, values }];
  for (let level = levels[0] as Level; level.width > 2 && level.height > 2; ) {
    level = halved(level);
    levels.push(level);
  }
  for (let index = levels.length - 2; index >= 0; index--) complete(levels[index] as Level, levels[index + 1] as Level);
  for (let at = 0; at < hole.length; at++) {
    const share = (hole[at] as number) / 255;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const own = rgba[at * 4 + channel] as number;
      rgba[at * 4 + channel] = own + ((values[at * 4 + channel] as number) - own) * share;
    }
  }
}

/** Half as large; what is known of four pixels is known of one. */
function halved({ width, height, values }: Level): Level {
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1];
  const out = new Float32Array(w * h * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = ((y >> 1) * w + (x >> 1)) * 4;
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
  for (let y = 0; y < height; y++) {
    const py = Math.min(coarse.height - 1, Math.max(0, (y - 0.5) / 2));
    const top = Math.min(coarse.height - 2, Math.floor(py));
    const fy = py - Math.max(0, top);
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const known = values[at + 3] as number;
      if (known >= 0.999) continue;
      const px = Math.min(coarse.width - 1, Math.max(0, (x - 0.5) / 2));
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
