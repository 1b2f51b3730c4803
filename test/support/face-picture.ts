/** A face to try mouths on: drawn, softly shaded, in any skin, anywhere in the picture. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

export interface DrawnFace {
  /** The face's middle and height, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly skin?: readonly [number, number, number];
  readonly hair?: string;
  readonly mouth?: boolean;
}

/** Draws the face and its shoulders. Its mouth lies 0.27 of its height below the middle. */
export function drawFace(
  context: SKRSContext2D,
  { x, y, height, skin = [222, 178, 148], hair = '#3b2a20', mouth = true }: DrawnFace,
): void {
  const h = height / 2;
  const w = h * 0.74;
  const tone = (factor: number, alpha = 1): string =>
    `rgba(${skin.map(channel => Math.min(255, Math.round(channel * factor))).join(',')},${alpha})`;
  const oval = (cx: number, cy: number, rx: number, ry: number, fill: string): void => {
    context.fillStyle = fill;
    context.beginPath();
    context.ellipse(cx, cy, rx, ry, 0, 0, 2 * Math.PI);
    context.fill();
  };
  oval(x, y + h * 2.05, w * 1.9, h * 0.95, '#34506e');
  context.fillStyle = tone(0.82);
  context.fillRect(x - w * 0.42, y + h * 0.6, w * 0.84, h * 0.7);
  oval(x, y - h * 0.22, w * 1.14, h * 1.02, hair);
  const light = context.createRadialGradient(x - w * 0.25, y - h * 0.2, h * 0.1, x, y, h * 1.1);
  light.addColorStop(0, tone(1.08));
  light.addColorStop(1, tone(0.8));
  context.fillStyle = light;
  context.beginPath();
  context.ellipse(x, y + h * 0.04, w, h * 0.94, 0, 0, 2 * Math.PI);
  context.fill();
  for (const side of [-1, 1]) {
    oval(x + side * w * 0.42, y - h * 0.12, w * 0.2, h * 0.085, '#f3eee8');
    oval(x + side * w * 0.42, y - h * 0.12, w * 0.1, h * 0.08, '#2c2019');
    oval(x + side * w * 0.42, y - h * 0.3, w * 0.24, h * 0.035, hair);
  }
  oval(x + w * 0.02, y + h * 0.2, w * 0.13, h * 0.07, tone(0.72, 0.6));
  if (!mouth) return;
  oval(x, y + h * 0.525, w * 0.36, h * 0.05, tone(0.72));
  context.fillStyle = `rgb(${skin[0] * 0.8},${skin[1] * 0.55},${skin[2] * 0.55})`;
  context.beginPath();
  context.ellipse(x, y + h * 0.54, w * 0.36, h * 0.075, 0, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = `rgb(${skin[0] * 0.45},${skin[1] * 0.28},${skin[2] * 0.28})`;
  context.lineWidth = Math.max(1, h * 0.018);
  context.beginPath();
  context.moveTo(x - w * 0.35, y + h * 0.53);
  context.quadraticCurveTo(x, y + h * 0.56, x + w * 0.35, y + h * 0.53);
  context.stroke();
}

/** A PNG of `width` x `height` pixels with the faces before a plain wall or a park. */
export function facePicture(
  width: number,
  height: number,
  faces: readonly DrawnFace[],
  ground: 'wall' | 'park' = 'wall',
): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const back = context.createLinearGradient(0, 0, 0, height);
  const [upper, lower] = ground === 'wall' ? ['#9fb4bf', '#5d7280'] : ['#7fb2e6', '#cfe3ee'];
  back.addColorStop(0, upper);
  back.addColorStop(1, lower);
  context.fillStyle = back;
  context.fillRect(0, 0, width, height);
  if (ground === 'park') {
    context.fillStyle = '#4d7a3a';
    context.fillRect(0, height * 0.62, width, height);
  }
  for (const face of faces) drawFace(context, face);
  return canvas.toBuffer('image/png');
}
