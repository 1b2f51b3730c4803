/** Where in a face the mouth is: the flat streak in its lower part that is redder or darker than what lies above and below. */
import { clamp } from '../curves.ts';
import type { Box, Planes } from './planes.ts';

/** Fractions of a face: where a mouth lies when none can be seen, and how wide it is. */
const USUAL = { down: 0.77, width: 0.4 } as const;
const FROM = 0.62;
const TO = 0.9;
/** Contrast, in levels of 255, below which nothing is called a mouth. */
const LEAST_CONTRAST = 5;

export interface FoundMouth {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Whether the picture shows it. */
  readonly seen: boolean;
}

/** In pixels of the planes. `isFace` false puts it in the lower middle of the box. */
export function findMouth(planes: Planes, box: Box, isFace: boolean): FoundMouth {
  const middle = box.x + box.width / 2;
  const usual = {
    x: middle,
    y: box.y + box.height * (isFace ? USUAL.down : 0.68),
    width: box.width * (isFace ? USUAL.width : 0.34),
    seen: false,
  };
  if (!isFace) return usual;
  let best = { y: usual.y, contrast: 0 };
  for (let y = box.y + box.height * FROM; y <= box.y + box.height * TO; y += 0.5) {
    const contrast = mouthContrast(planes, box, y);
    // What lies where a mouth usually lies is preferred: shadows under nose and chin are streaks as well.
    const expected = 1 - 3.2 * Math.abs((y - box.y) / box.height - USUAL.down);
    if (contrast * expected > best.contrast) best = { y, contrast: contrast * expected };
  }
  if (best.contrast < LEAST_CONTRAST) return usual;
  return { ...extent(planes, box, middle, best.y), y: best.y, seen: true };
}

/** How much of a mouth crosses the face at `y`, in levels of 255: it must be there left, middle and right, as a nose's shadow is not. */
export function mouthContrast(planes: Planes, box: Box, y: number): number {
  const middle = box.x + box.width / 2;
  const slices = [-0.13, 0, 0.13].map(off => streak(planes, box, middle + off * box.width, box.width * 0.11, y));
  return 0.75 * Math.min(...slices) + (0.25 * slices.reduce((sum, slice) => sum + slice, 0)) / 3;
}

/** Contrast of a flat band of `width` around `x`, `y` with those above and below it. */
function streak({ luma, red }: Planes, box: Box, x: number, width: number, y: number): number {
  const thick = Math.max(1, box.height * 0.045);
  const gap = Math.max(1.5, box.height * 0.075);
  const band = (at: number): Box => ({ x: x - width / 2, y: at - thick / 2, width, height: thick });
  const dark = (luma.mean(band(y - gap)) + luma.mean(band(y + gap))) / 2 - luma.mean(band(y));
  const redder = red.mean(band(y)) - (red.mean(band(y - gap)) + red.mean(band(y + gap))) / 2;
  return Math.max(0, dark) + 1.6 * Math.max(0, redder);
}

/** How far the streak goes to either side. */
function extent(planes: Planes, box: Box, middle: number, y: number): { x: number; width: number } {
  const slice = Math.max(1, box.width * 0.05);
  const here = (x: number): number => streak(planes, box, x, slice, y);
  const centre = here(middle) + here(middle - slice) + here(middle + slice);
  const enough = Math.max(LEAST_CONTRAST * 0.7, centre * 0.12);
  let [left, right] = [0, 0];
  const most = box.width * 0.27;
  while (left < most && here(middle - left - slice) > enough) left += slice;
  while (right < most && here(middle + right + slice) > enough) right += slice;
  const width = clamp(1.12 * (left + right + slice), box.width * 0.26, box.width * 0.56);
  return { x: middle + clamp((right - left) / 2, -box.width * 0.06, box.width * 0.06), width };
}
