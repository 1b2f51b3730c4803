/**
 * Coding noise held still. A look that counts in steps turns a flicker of two levels into a flicker of a whole step, so small changes are
 * let through slowly and large ones, which are motion, at once.
 */

/** Levels of change from which a pixel is moving. */
const MOTION = 22;
const SLOW = 0.28;

export class Steady {
  private held: Float32Array | undefined;

  /** Steadies `pixels` (RGBA) in place. Frames must come in order. */
  hold(pixels: Uint8ClampedArray): void {
    const { held } = this;
    if (held === undefined) {
      this.held = Float32Array.from(pixels);
      return;
    }
    for (let at = 0; at < pixels.length; at += 4) {
      const r = (pixels[at] as number) - (held[at] as number);
      const g = (pixels[at + 1] as number) - (held[at + 1] as number);
      const b = (pixels[at + 2] as number) - (held[at + 2] as number);
      const change = Math.max(r < 0 ? -r : r, g < 0 ? -g : g, b < 0 ? -b : b) / MOTION;
      const share = change >= 1 ? 1 : SLOW + (1 - SLOW) * change * change;
      held[at] = (held[at] as number) + r * share;
      held[at + 1] = (held[at + 1] as number) + g * share;
      held[at + 2] = (held[at + 2] as number) + b * share;
      pixels[at] = held[at] as number;
      pixels[at + 1] = held[at + 1] as number;
      pixels[at + 2] = held[at + 2] as number;
    }
  }
}
