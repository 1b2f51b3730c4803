/**
 * How a film is seen twice: whole and small, where it is looked into, and at the clip's size, which it covers around the middle. The small
 * size depends on the film alone: the masks found in it are the same whatever is made of them.
 */

/** Pixels on the longer side of the small view. */
const SMALL = 240;

export interface View {
  readonly width: number;
  readonly height: number;
  readonly smallWidth: number;
  readonly smallHeight: number;
  /** Where the middles of the frame's columns and rows lie in the small view, in its pixels from its first one's middle. */
  readonly smallX: Float32Array;
  smallY(row: number): number;
  /** The frame's pixels to one of the small view. */
  readonly scale: number;
}

/** The small size of a film of `width` x `height` pixels. */
export function smallSize(width: number, height: number): { width: number; height: number } {
  const scale = SMALL / Math.max(width, height);
  return { width: Math.max(16, Math.round(width * scale)), height: Math.max(16, Math.round(height * scale)) };
}

/** For a clip of `width` x `height` pixels made of a film of `filmWidth` x `filmHeight`. */
export function viewOf(width: number, height: number, filmWidth: number, filmHeight: number): View {
  const small = smallSize(filmWidth, filmHeight);
  const cover = Math.max(width / filmWidth, height / filmHeight);
  const stepX = small.width / (filmWidth * cover);
  const stepY = small.height / (filmHeight * cover);
  const left = ((filmWidth * cover - width) / 2) * stepX;
  const top = ((filmHeight * cover - height) / 2) * stepY;
  return {
    width,
    height,
    smallWidth: small.width,
    smallHeight: small.height,
    smallX: Float32Array.from({ length: width }, (_, column) => left + (column + 0.5) * stepX - 0.5),
    smallY: row => top + (row + 0.5) * stepY - 0.5,
    scale: 1 / stepX,
  };
}
