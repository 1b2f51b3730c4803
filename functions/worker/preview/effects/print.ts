/** A paper print lying on a surface, with the shadow under it. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';

export interface Print {
  /** Its middle, its paper's size and how it is turned (radians), in pixels of the frame. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly turn: number;
  /** White around the picture: at the sides and above, and below. */
  readonly edge: number;
  readonly foot: number;
  /** How far it is above the surface: 0 lies, 1 floats. */
  readonly lift?: number;
  readonly paper?: string;
}

/** Draws the print, and `picture` on it as `develop` says, or as it is. Coordinates in `develop` are the picture's own place. */
export function drawPrint(
  context: SKRSContext2D,
  print: Print,
  picture: Canvas,
  develop?: (x: number, y: number, width: number, height: number) => void,
): void {
  const { width, height, edge, foot, lift = 0 } = print;
  const unit = Math.max(width, height);
  context.save();
  context.translate(print.x, print.y);
  context.rotate(print.turn);
  context.save();
  context.shadowColor = 'rgba(0, 0, 0, 0.55)';
  context.shadowBlur = unit * (0.025 + 0.09 * lift);
  context.shadowOffsetX = unit * (0.008 + 0.05 * lift);
  context.shadowOffsetY = unit * (0.014 + 0.09 * lift);
  context.fillStyle = print.paper ?? '#f8f6ef';
  context.fillRect(-width / 2, -height / 2, width, height);
  context.restore();
  const inner = { width: width - 2 * edge, height: height - edge - foot };
  const x = -width / 2 + edge;
  const y = -height / 2 + edge;
  drawCovering(context, picture, x, y, inner.width, inner.height);
  develop?.(x, y, inner.width, inner.height);
  context.strokeStyle = 'rgba(0, 0, 0, 0.16)';
  context.lineWidth = Math.max(1, unit * 0.002);
  context.strokeRect(x, y, inner.width, inner.height);
  context.restore();
}

/** Draws the middle of `picture` so that it covers the rectangle. */
export function drawCovering(
  context: SKRSContext2D,
  picture: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const scale = Math.max(width / picture.width, height / picture.height);
  const w = width / scale;
  const h = height / scale;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (picture.width - w) / 2, (picture.height - h) / 2, w, h, x, y, width, height);
}
