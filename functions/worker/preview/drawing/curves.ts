/** Small curves used all over the scenes. */

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(from: number, to: number, amount: number): number {
  return from + (to - from) * amount;
}

/** 0 below `low`, 1 above `high`, smooth between; `low` may be the larger one. */
export function smoothstep(low: number, high: number, value: number): number {
  const x = clamp((value - low) / (high - low));
  return x * x * (3 - 2 * x);
}

/** Starts and stops softly but keeps a steady pace in the middle: a camera on a dolly, not a spring. */
export function dolly(progress: number): number {
  const x = clamp(progress);
  return mix(x, x * x * (3 - 2 * x), 0.6);
}
