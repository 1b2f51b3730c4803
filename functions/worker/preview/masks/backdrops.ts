/** What lies behind the things of a frame, parted where it plainly changes: a sky above, a ground below, where there are such. */
import { colorDistance } from './lab-planes.ts';
import type { Superpixels } from './superpixel-facts.ts';

export interface Backdrop {
  readonly name: string;
  readonly pieces: readonly number[];
}

/** Surfaces that differ less than this along their border are one, in colour units. */
const ONE_SURFACE = 4.5;
/** A surface of this share of the frame is no longer easier to join than any other. */
const LARGE = 0.06;
const LEAST = 0.07;
/** The share of the top or bottom edge that belongs to it. */
const ALONG = 0.45;

interface Surface {
  pieces: number[];
  area: number;
  top: number;
  bottom: number;
  l: number;
  a: number;
  b: number;
  rough: number;
}

/** The upper and the lower surface among `rest`, where the two are different ones. */
export function backdropsOf(pieces: Superpixels, rest: readonly number[]): Backdrop[] {
  const surfaces = merge(pieces, rest);
  const whole = pieces.width * pieces.height;
  const upper = surfaces.toSorted((one, other) => other.top - one.top)[0];
  const lower = surfaces.toSorted((one, other) => other.bottom - one.bottom)[0];
  if (!upper || !lower || upper === lower) return [];
  const found: Backdrop[] = [];
  const large = (surface: Surface): boolean => surface.area / whole >= LEAST;
  if (large(upper) && upper.top / pieces.width >= ALONG)
    found.push({ name: nameAbove(upper, lower), pieces: upper.pieces });
  if (large(lower) && lower.bottom / pieces.width >= ALONG)
    found.push({ name: nameBelow(upper, lower), pieces: lower.pieces });
  return found;
}

/** Skies are smoother than what lies below them, and brighter or bluer. */
function nameAbove(upper: Surface, lower: Surface): string {
  const smooth = upper.rough <= lower.rough * 1.1 + 0.2;
  return smooth && (upper.l > lower.l + 4 || upper.b < lower.b - 4) ? 'sky' : 'upper background';
}

function nameBelow(upper: Surface, lower: Surface): string {
  return lower.l < upper.l - 2 || lower.rough > upper.rough ? 'ground' : 'lower background';
}

/** Joins neighbours, the most alike first, until those left are plainly different. */
function merge(pieces: Superpixels, rest: readonly number[]): Surface[] {
  const surfaces = new Map(rest.map(piece => [piece, surfaceOf(pieces, piece)]));
  const head = new Map(rest.map(piece => [piece, piece]));
  let borders = pieces.borders.filter(({ one, other }) => head.has(one) && head.has(other));
  const whole = pieces.width * pieces.height;
  const cost = ({ one, other, contrast }: (typeof borders)[number]): number => {
    const [first, second] = [surfaces.get(one) as Surface, surfaces.get(other) as Surface];
    const smaller = Math.min(first.area, second.area) / whole;
    // A gradient differs from end to end and nowhere along the way; a texture differs everywhere and not as a whole.
    const unlike = colorDistance(first.l - second.l, first.a - second.a, first.b - second.b);
    return Math.min(contrast, unlike * 1.2) * (0.35 + 0.65 * Math.min(1, Math.sqrt(smaller / LARGE)));
  };
  for (;;) {
    const best = borders.reduce<{ border?: (typeof borders)[number]; cost: number }>(
      (least, border) => (cost(border) < least.cost ? { border, cost: cost(border) } : least),
      { cost: ONE_SURFACE },
    ).border;
    const into = best && surfaces.get(best.one);
    const from = best && surfaces.get(best.other);
    if (!best || !into || !from) return [...surfaces.values()];
    absorb(into, from);
    surfaces.delete(best.other);
    borders = rejoin(borders, best.other, best.one);
  }
}

function surfaceOf(pieces: Superpixels, piece: number): Surface {
  const of = (values: Float32Array): number => values[piece] as number;
  return {
    pieces: [piece],
    area: of(pieces.area),
    top: of(pieces.top),
    bottom: of(pieces.bottom),
    l: of(pieces.l),
    a: of(pieces.a),
    b: of(pieces.b),
    rough: of(pieces.rough),
  };
}

function absorb(into: Surface, from: Surface): void {
  const share = from.area / (into.area + from.area);
  for (const key of ['l', 'a', 'b', 'rough'] as const) into[key] += (from[key] - into[key]) * share;
  into.pieces.push(...from.pieces);
  into.area += from.area;
  into.top += from.top;
  into.bottom += from.bottom;
}

/** The borders once `gone` has become part of `into`: two with the same neighbour are one longer one. */
function rejoin(borders: Superpixels['borders'], gone: number, into: number): Superpixels['borders'][number][] {
  const joined = new Map<string, Superpixels['borders'][number]>();
  for (const border of borders) {
    const one = border.one === gone ? into : border.one;
    const other = border.other === gone ? into : border.other;
    if (one === other) continue;
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    const known = joined.get(`${low} ${high}`);
    const length = border.length + (known?.length ?? 0);
    const contrast = (border.contrast * border.length + (known ? known.contrast * known.length : 0)) / length;
    joined.set(`${low} ${high}`, { one: low, other: high, length, contrast });
  }
  return [...joined.values()];
}
