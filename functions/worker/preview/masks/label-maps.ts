/** Small operations on a frame's part numbers. */

/** Pixels from the nearest one of `part`, 0 inside it, counted up to `most`: a diagonal step is 1.4. */
export function spread(labels: Uint8Array, part: number, width: number, height: number, most: number): Float32Array {
  const out = new Float32Array(labels.length);
  for (let at = 0; at < labels.length; at++) out[at] = labels[at] === part ? 0 : most;
  const relax = (at: number, from: number, step: number): void => {
    const reached = (out[from] as number) + step;
    if (reached < (out[at] as number)) out[at] = reached;
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (x > 0) relax(at, at - 1, 1);
      if (y === 0) continue;
      relax(at, at - width, 1);
      if (x > 0) relax(at, at - width - 1, 1.4);
      if (x < width - 1) relax(at, at - width + 1, 1.4);
    }
  }
  for (let y = height - 1, at = labels.length - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, at--) {
      if (x < width - 1) relax(at, at + 1, 1);
      if (y === height - 1) continue;
      relax(at, at + width, 1);
      if (x < width - 1) relax(at, at + width + 1, 1.4);
      if (x > 0) relax(at, at + width - 1, 1.4);
    }
  }
  return out;
}

/** Each pixel as most of the eight about it and itself are, where more than half agree. */
export function smoothLabels(labels: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(labels);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const own = labels[at] as number;
      let same = 0;
      for (let dy = -width; dy <= width; dy += width)
        for (let dx = -1; dx <= 1; dx++) if (labels[at + dy + dx] === own) same++;
      if (same >= 5) continue;
      out[at] = mostCommon(labels, at, width);
    }
  }
  return out;
}

function mostCommon(labels: Uint8Array, at: number, width: number): number {
  const counts = new Map<number, number>();
  for (let dy = -width; dy <= width; dy += width)
    for (let dx = -1; dx <= 1; dx++) {
      const label = labels[at + dy + dx] as number;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
