/**
 * What stands out of a frame, 0 to 1 for each superpixel: the background is what hangs together with much of the frame's edge for its size
 * (boundary connectivity), the foreground is what differs in colour from that background, and both together are made smooth.
 */
import { smoothstep } from '../curves.ts';
import type { Superpixels } from './superpixel-facts.ts';
import { apart } from './superpixels.ts';

/** Spread of colour within which two pieces count as one surface, in colour units. */
const SURFACE = 7;
const SMOOTH = 10;
/** Spread of place within which a piece's contrast counts, in fractions of the frame. */
const VICINITY = 0.4;
/** Spread of height within which pieces are at the same height. */
const LEVEL = 0.05;
/** Share of the frame by which the strongest contrast is told. */
const STRONG = 0.02;
const ROUNDS = 120;
const SIDES = ['top', 'bottom', 'left', 'right'] as const;

export interface Saliency {
  readonly values: Float32Array;
  /** How plainly the most salient piece differs from the background, in colour units. */
  readonly contrast: number;
}

export function saliencyOf(pieces: Superpixels): Saliency {
  const { count } = pieces;
  const sides = sideContrasts(pieces);
  const background = backgroundOf(pieces).map((value, piece) =>
    Math.max(value, 1 - smoothstep(4, 18, sides[piece] as number)),
  );
  const contrast = new Float32Array(count);
  for (let one = 0; one < count; one++) {
    let [sum, weights] = [0, 0];
    for (let other = 0; other < count; other++) {
      const far =
        ((pieces.x[one] as number) - (pieces.x[other] as number)) ** 2 +
        ((pieces.y[one] as number) - (pieces.y[other] as number)) ** 2;
      const weight =
        Math.exp(-far / (2 * VICINITY ** 2)) * (background[other] as number) * (pieces.area[other] as number);
      sum += weight * apart(pieces, one, other);
      weights += weight;
    }
    contrast[one] = (sum / Math.max(1e-6, weights)) * (1 - (background[one] as number));
  }
  const highest = contrast.reduce((high, value) => Math.max(high, value), 0);
  // A bright speck must not make everything else look dull, nor a dull frame hide the speck: the middle of both counts.
  const most = Math.sqrt(highest * strong(pieces, contrast));
  const foreground = contrast.map(value => (value > 0.25 * most ? Math.min(1, value / Math.max(1e-6, most)) : 0));
  return { values: settle(pieces, background, foreground), contrast: highest };
}

/** The contrast that the strongest `STRONG` of the frame reaches. */
function strong({ area }: Superpixels, contrast: Float32Array): number {
  const order = Array.from(contrast, (value, piece) => ({ value, area: area[piece] as number })).sort(
    (one, other) => other.value - one.value,
  );
  let left = STRONG * area.reduce((sum, value) => sum + value, 0);
  for (const { value, area: own } of order) {
    left -= own;
    if (left <= 0) return value;
  }
  return 0;
}

/** How far each piece is from the frame's left and right edges at its own height: skies, seas and floors change downwards, not across. */
function sideContrasts(pieces: Superpixels): Float32Array {
  const { count, y } = pieces;
  const edges = Array.from({ length: count }, (_, piece) => piece).filter(
    piece => (pieces.left[piece] as number) + (pieces.right[piece] as number) > 0,
  );
  return Float32Array.from({ length: count }, (_, one) => {
    let [sum, weights] = [0, 0];
    for (const other of edges) {
      const weight = Math.exp(-(((y[one] as number) - (y[other] as number)) ** 2) / (2 * LEVEL ** 2));
      sum += weight * apart(pieces, one, other);
      weights += weight;
    }
    return sum / Math.max(1e-6, weights);
  });
}

/**
 * 1 where a piece's surface lies along the frame's edge, 0 where it lies inside. What runs from one edge to the one across is a backdrop
 * twice over: a person stands on the lower edge alone, a horizon touches left and right.
 */
function backgroundOf(pieces: Superpixels): Float32Array {
  const { count } = pieces;
  const paths = shortestPaths(pieces);
  return Float32Array.from({ length: count }, (_, one) => {
    const along = { top: 0, bottom: 0, left: 0, right: 0 };
    let area = 0;
    for (let other = 0; other < count; other++) {
      const near = Math.exp(-((paths[one * count + other] as number) ** 2) / (2 * SURFACE ** 2));
      area += near;
      for (const side of SIDES) if ((pieces[side][other] as number) > 0) along[side] += near;
    }
    const across = Math.min(along.left, along.right) + Math.min(along.top, along.bottom);
    const connectivity = (along.top + along.bottom + along.left + along.right + 2 * across) / Math.sqrt(area);
    return 1 - Math.exp(-(connectivity ** 2) / 2);
  });
}

/** The least sum of colour steps between any two pieces; steps no larger than noise are free. */
function shortestPaths(pieces: Superpixels): Float32Array {
  const { count, borders } = pieces;
  const steps = (one: number, other: number): number => apart(pieces, one, other);
  const least = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  for (const { one, other } of borders) {
    const step = steps(one, other);
    least[one] = Math.min(least[one] as number, step);
    least[other] = Math.min(least[other] as number, step);
  }
  const noise = least.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0) / count;
  const paths = new Float32Array(count * count).fill(1e6);
  const join = (one: number, other: number): void => {
    const cost = Math.max(0, steps(one, other) - noise);
    paths[one * count + other] = cost;
    paths[other * count + one] = cost;
  };
  for (const { one, other } of borders) join(one, other);
  // Along each edge the frame is taken to go on outside: what an object parts there is still one surface.
  for (const side of SIDES) {
    const outer = Array.from({ length: count }, (_, piece) => piece).filter(
      piece => (pieces[side][piece] as number) > 0,
    );
    for (const one of outer) for (const other of outer) if (one !== other) join(one, other);
  }
  for (let one = 0; one < count; one++) paths[one * count + one] = 0;
  for (let via = 0; via < count; via++) {
    for (let one = 0; one < count; one++) {
      const first = paths[one * count + via] as number;
      if (first >= 1e6) continue;
      for (let other = 0; other < count; other++) {
        const cost = first + (paths[via * count + other] as number);
        if (cost < (paths[one * count + other] as number)) paths[one * count + other] = cost;
      }
    }
  }
  return paths;
}

/** The values that satisfy both best while neighbours of like colour agree: a linear least-squares problem, solved by relaxation. */
function settle(pieces: Superpixels, background: Float32Array, foreground: Float32Array): Float32Array {
  const values = Float32Array.from(foreground);
  const links: [number, number][][] = Array.from({ length: pieces.count }, () => []);
  for (const { one, other } of pieces.borders) {
    const weight = Math.exp(-(apart(pieces, one, other) ** 2) / (2 * SMOOTH ** 2)) + 0.05;
    links[one]?.push([other, weight]);
    links[other]?.push([one, weight]);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (let piece = 0; piece < pieces.count; piece++) {
      let pull = foreground[piece] as number;
      let weight = pull + (background[piece] as number) + 1e-3;
      for (const [other, strength] of links[piece] ?? []) {
        pull += strength * (values[other] as number);
        weight += strength;
      }
      values[piece] = pull / weight;
    }
  }
  return values;
}
