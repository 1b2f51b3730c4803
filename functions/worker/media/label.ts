/** The visible mark: white text on a soft dark pill at the bottom right of every frame, for the whole clip. */
import { fileURLToPath } from 'node:url';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import type { FrameCanvas } from './frame-source.ts';

/** Registered under a name of our own: no font installed on the machine can take its place. */
const FAMILY = 'Mutoscope Label';
/** GB 45438-2025 asks for text of at least 5 % of the shortest side. Measured on capital letters, which are 0.73 of DejaVu's em. */
const TEXT_HEIGHT = 0.05;
const CAPITAL_OF_EM = 0.73;
/** Title-safe: nothing closer to an edge than 3.5 % of the shortest side. */
const MARGIN = 0.035;

export interface Label {
  /** Draws the label over the finished frame. */
  stamp(frame: FrameCanvas): void;
}

/** Prepares the label for frames of `width` x `height` pixels. An empty text stamps nothing. */
export function prepareLabel(text: string, width: number, height: number): Label {
  if (text === '') return { stamp: () => {} };
  const { pill, x, y } = placeLabel(text, width, height);
  return { stamp: frame => frame.context.drawImage(pill, x, y) };
}

/** The label as it is drawn, and where its top left corner lies in a frame of `width` x `height` pixels. */
export function placeLabel(text: string, width: number, height: number): { pill: Canvas; x: number; y: number } {
  const pill = drawPill(text, width, height);
  const margin = Math.round(Math.min(width, height) * MARGIN);
  return { pill, x: width - margin - pill.width, y: height - margin - pill.height };
}

function drawPill(text: string, width: number, height: number): Canvas {
  registerFont();
  const shortest = Math.min(width, height);
  const measure = createCanvas(1, 1).getContext('2d');
  const widest = width - 2 * Math.round(shortest * MARGIN);
  let capital = Math.ceil(shortest * TEXT_HEIGHT);
  const font = (): string => `${(capital / CAPITAL_OF_EM).toFixed(2)}px "${FAMILY}"`;
  measure.font = font();
  let advance = measure.measureText(text).width;
  // A text too long for the frame shrinks to fit: a small mark is better than one that is cut off.
  if (advance + capital * 2 > widest) {
    capital = Math.max(6, Math.floor((capital * widest) / (advance + capital * 2)));
    measure.font = font();
    advance = measure.measureText(text).width;
  }
  const pill = createCanvas(Math.ceil(advance + capital * 1.7), Math.ceil(capital * 2.1));
  const context = pill.getContext('2d');
  context.fillStyle = 'rgba(8, 10, 16, 0.58)';
  context.beginPath();
  context.roundRect(0, 0, pill.width, pill.height, pill.height / 2);
  context.fill();
  context.lang = 'en';
  context.font = font();
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = 'rgba(255, 255, 255, 0.96)';
  context.fillText(text, pill.width / 2, (pill.height + capital) / 2);
  return pill;
}

/** The label's own font, `pixels` to the em, for whatever else has words to draw: no server has a font of its own. */
export function labelFont(pixels: number): string {
  registerFont();
  return `${pixels.toFixed(2)}px "${FAMILY}"`;
}

function registerFont(): void {
  if (GlobalFonts.has(FAMILY)) return;
  const path = fileURLToPath(new URL('./fonts/DejaVuSans-Bold.ttf', import.meta.url));
  if (GlobalFonts.registerFromPath(path, FAMILY) === null) throw new Error(`cannot read the label's font ${path}`);
}
