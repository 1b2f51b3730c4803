/** Whole-frame arithmetic that styles are made of. A plane has one number per pixel, row after row. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Brightness 0 to 255 of RGBA pixels. */
export function lumaOf(pixels: Uint8ClampedArray, out: Float32Array): Float32Array {
  for (let at = 0, from = 0; at < out.length; at++, from += 4)
    out[at] =
      0.299 * (pixels[from] as number) + 0.587 * (pixels[from + 1] as number) + 0.114 * (pixels[from + 2] as number);
  return out;
}

/** The mean of the square of `2 radius + 1` pixels around each; `out` may be `plane`, `scratch` may not. Edges repeat. */
export function boxBlur(
  plane: Float32Array,
  { width, height }: Size,
  radius: number,
  out: Float32Array,
  scratch: Float32Array,
): Float32Array {
  const share = 1 / (2 * radius + 1);
  for (let y = 0, row = 0; y < height; y++, row += width) {
    const last = width - 1;
    let sum = (plane[row] as number) * (radius + 1);
    for (let x = 1; x <= radius; x++) sum += plane[row + Math.min(last, x)] as number;
    for (let x = 0; x < width; x++) {
      scratch[row + x] = sum * share;
      const enters = x + radius + 1;
      const leaves = x - radius;
      sum += (plane[row + Math.min(last, enters)] as number) - (plane[row + Math.max(0, leaves)] as number);
    }
  }
  // Downwards a whole row at a time: column by column would miss the cache at every step.
  const sums = new Float32Array(width);
  const last = (height - 1) * width;
  for (let x = 0; x < width; x++) sums[x] = (scratch[x] as number) * (radius + 1);
  for (let y = 1; y <= radius; y++) {
    const row = Math.min(last, y * width);
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (scratch[row + x] as number);
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const enters = Math.min(last, row + (radius + 1) * width);
    const leaves = Math.max(0, row - radius * width);
    for (let x = 0; x < width; x++) {
      out[row + x] = (sums[x] as number) * share;
      sums[x] = (sums[x] as number) + (scratch[enters + x] as number) - (scratch[leaves + x] as number);
    }
  }
  return out;
}

/** How steep brightness is at each pixel (Sobel): about 4 for a step of one level. 0 along the frame's border. */
export function edgesOf(luma: Float32Array, { width, height }: Size, out: Float32Array): Float32Array {
  out.fill(0);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      const up = at - width;
      const down = at + width;
      const ul = luma[up - 1] as number;
      const ur = luma[up + 1] as number;
      const dl = luma[down - 1] as number;
      const dr = luma[down + 1] as number;
      const across = ur + 2 * (luma[at + 1] as number) + dr - ul - 2 * (luma[at - 1] as number) - dl;
      const along = dl + 2 * (luma[down] as number) + dr - ul - 2 * (luma[up] as number) - ur;
      out[at] = Math.sqrt(across * across + along * along);
    }
  }
  return out;
}
