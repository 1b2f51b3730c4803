/**
 * Where in a picture a face may be, without a model: an upright patch of skin among other things, alike left and right, with two dark
 * spots in its upper half. It is a guess; where nothing looks like a face, the mouth goes to the lower middle of what catches the eye.
 */
import { clamp } from '../drawing/curves.ts';
import { type Box, type Planes, planesOf } from './face-planes.ts';

/** In fractions of the picture's width (x, width) and height (y, height). */
export interface FaceGuess {
  readonly face: Box;
  /** The middle of the mouth, and its width; `seen` where the picture shows one. */
  readonly mouth: { readonly x: number; readonly y: number; readonly width: number; readonly seen: boolean };
  /** 0 to 1; 0 for a place that only catches the eye. */
  readonly confidence: number;
}

/** Longer side of what is searched, in pixels. */
const SIDE = 144;
const SMALLEST = 0.18;
const LARGEST = 1.05;
const GROWTH = 1.18;
const ASPECT = 0.76;
const FINALISTS = 40;
const LEAST_SKIN = 0.42;
/** What a face scores at least. */
const ENOUGH = 0.72;

export interface Pixels {
  /** RGBA. */
  readonly pixels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** The likeliest face; near `before`, where one is given, because a face does not jump. */
export function findFace(picture: Pixels, before?: FaceGuess): FaceGuess {
  const planes = planesOf(picture, SIDE);
  const previous = before && before.confidence > 0 ? before.face : undefined;
  let best: { box: Box; score: number } | undefined;
  for (const box of finalists(planes)) {
    const score = scoreOf(planes, box) - (previous ? 0.5 * distance(planes, box, previous) : 0);
    if (!best || score > best.score) best = { box, score };
  }
  if (best) best = settled(planes, best, box => -(previous ? 0.5 * distance(planes, box, previous) : 0));
  const found = best !== undefined && best.score >= ENOUGH;
  const box = found && best ? best.box : salientBox(planes);
  const { width, height } = planes;
  const mouth = findMouth(planes, box, found);
  return {
    face: { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height },
    mouth: { x: mouth.x / width, y: mouth.y / height, width: mouth.width / width, seen: mouth.seen },
    confidence: found && best ? clamp(best.score / 1.6) : 0,
  };
}

/** Where nothing looks like a face: the box about what is fullest of detail near the middle. */
function salientBox({ width, height, detail }: Planes): Box {
  let [weights, sumX, sumY] = [1e-6, 0.5e-6 * width, 0.5e-6 * height];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const weight = detail.at(x, y) * Math.max(0.1, 1 - 1.3 * Math.hypot(x / width - 0.5, y / height - 0.5));
      weights += weight;
      sumX += weight * x;
      sumY += weight * y;
    }
  const [w, h] = [width * 0.46, height * 0.56];
  const x = clamp(sumX / weights - w / 2, 0, width - w);
  return { x, y: clamp(sumY / weights - h / 2, 0, height - h), width: w, height: h };
}

/** The boxes fullest of skin with least skin about them. */
function finalists({ width, height, skin }: Planes): Box[] {
  const found: { box: Box; score: number }[] = [];
  for (let size = height * SMALLEST; size <= height * LARGEST; size *= GROWTH) {
    const across = size * ASPECT;
    if (across > width * 1.1) break;
    const step = Math.max(1, size / 12);
    for (let y = -size * 0.08; y + size <= height + size * 0.12; y += step) {
      for (let x = -across * 0.05; x + across <= width + across * 0.05; x += step) {
        const box = { x, y, width: across, height: size };
        const inside = skin.mean(inset(box, 0.14));
        if (inside < LEAST_SKIN) continue;
        const outside = skin.meanAround(box, inset(box, -0.22));
        found.push({ box, score: inside - 0.75 * outside + 0.18 * Math.sqrt(size / height) });
      }
    }
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, FINALISTS)
    .map(({ box }) => box);
}

function scoreOf(planes: Planes, box: Box): number {
  const { skin, luma } = planes;
  const inside = skin.mean(inset(box, 0.12));
  const outside = skin.meanAround(box, inset(box, -0.22));
  const size = 0.25 * Math.sqrt(box.height / planes.height);
  const level = luma.mean(inset(box, 0.1)) + 1;
  const parts = 0.9 * eyes(planes, box, level) + 0.35 * symmetry(planes, box, level) + 0.5 * lips(planes, box, level);
  return inside - 0.65 * outside + size + parts;
}

/** Moved and resized in ever smaller steps while it gets better. */
function settled(
  planes: Planes,
  first: { box: Box; score: number },
  bonus: (box: Box) => number,
): { box: Box; score: number } {
  let best = first;
  for (let part = 16; part <= 64; part *= 2) {
    for (let round = 0; round < 3; round++) {
      const { x, y, width, height } = best.box;
      const step = height / part;
      const tries: Box[] = [
        { x: x + step, y, width, height },
        { x: x - step, y, width, height },
        { x, y: y + step, width, height },
        { x, y: y - step, width, height },
        grown(best.box, step),
        grown(best.box, -step),
      ];
      const scored = tries.map(box => ({ box, score: scoreOf(planes, box) + bonus(box) }));
      const better = scored.reduce((a, b) => (b.score > a.score ? b : a));
      if (better.score <= best.score) break;
      best = better;
    }
  }
  return best;
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - (by * ASPECT) / 2, y: y - by / 2, width: width + by * ASPECT, height: height + by };
}

/** How far two places side by side stand out: darker than bridge and cheeks, and fuller of detail. The better of a few heights. */
function eyes({ luma, detail }: Planes, box: Box, level: number): number {
  const eye = { width: box.width * 0.22, height: box.height * 0.12 };
  let best = 0;
  for (const down of [0.3, 0.35, 0.4, 0.45]) {
    const y = box.y + box.height * down;
    const left = { x: box.x + box.width * 0.18, y, ...eye };
    const right = { x: box.x + box.width * 0.6, y, ...eye };
    const bridge = { x: box.x + box.width * 0.43, y, width: box.width * 0.14, height: eye.height };
    const cheeks = {
      x: box.x + box.width * 0.2,
      y: y + box.height * 0.17,
      width: box.width * 0.6,
      height: box.height * 0.1,
    };
    // The weaker of the two counts: one dark spot is a shadow.
    const dark = Math.min(luma.mean(bridge), luma.mean(cheeks)) - Math.max(luma.mean(left), luma.mean(right));
    const busy = Math.min(detail.mean(left), detail.mean(right)) - Math.max(detail.mean(bridge), detail.mean(cheeks));
    best = Math.max(best, (1.3 * dark + 1.3 * busy) / level);
  }
  return clamp(best);
}

/** Whether a mouth crosses the face where mouths are. */
function lips(planes: Planes, box: Box, level: number): number {
  const at = (down: number): number => mouthContrast(planes, box, box.y + box.height * down);
  return clamp(Math.max(at(0.74), at(0.77), at(0.8)) / (level * 0.13));
}

function symmetry({ luma }: Planes, box: Box, level: number): number {
  let unlike = 0;
  const middle = box.x + box.width / 2;
  for (let row = 1; row < 8; row++) {
    const y = box.y + (box.height * row) / 8;
    for (let column = 1; column <= 5; column++) {
      const off = (box.width * column) / 11;
      unlike += Math.abs(luma.at(middle - off, y) - luma.at(middle + off, y));
    }
  }
  return clamp(1 - (3 * unlike) / (35 * level));
}

function distance({ width, height }: Planes, box: Box, before: Box): number {
  const x = (box.x + box.width / 2) / width - (before.x + before.width / 2);
  const y = (box.y + box.height / 2) / height - (before.y + before.height / 2);
  return Math.hypot(x, y) * 3 + Math.abs(Math.log(box.height / height / before.height));
}

/** The box made smaller by `share` of its sides at each side; larger where it is negative. */
function inset({ x, y, width, height }: Box, share: number): Box {
  return {
    x: x + width * share,
    y: y + height * share,
    width: width * (1 - 2 * share),
    height: height * (1 - 2 * share),
  };
}

// Where in a face the mouth is: the flat streak in its lower part that is redder or darker than what lies above and below.

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
