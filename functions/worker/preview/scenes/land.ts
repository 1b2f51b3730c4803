/** Land as layers: a crisp crest line, filled with relief that the light falls on, fading into haze with distance. */

import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import type { Random } from '../drawing/random.ts';
import { Layer, type World } from './world.ts';

export interface LandKind {
  /** Height of the crest, in frame pixels from the top, at `x` frame pixels. */
  readonly crest: (x: number) => number;
  readonly bottom?: number;
  /** Sides, where the land does not span the frame, in pixels. */
  readonly left?: number;
  readonly right?: number;
  /** Room above the crest for what will stand on it, in pixels. */
  readonly headroom?: number;
  readonly lit: Color;
  readonly shadow: Color;
  /** 0 is right here, 1 is lost in the haze. */
  readonly distance: number;
  /** How much mist lies at the foot, 0 to 1, and where the foot is (pixels from the top). */
  readonly mist?: number;
  readonly foot?: number;
  /** Size of the relief in pixels, and how strongly it shows. */
  readonly relief: number;
  readonly contrast: number;
  /** Sharp gullies instead of soft swells. */
  readonly craggy?: boolean;
  /** Snow down to this many pixels below the highest crest, on slopes that can hold it. */
  readonly snow?: { readonly color: Color; readonly shadow: Color; readonly line: number };
}

export function makeLand(world: World, name: string, kind: LandKind): Layer {
  const { light, width, noises } = world;
  const left = -width * 0.15;
  const crests = Float32Array.from({ length: Math.ceil(width * 1.3) + 2 }, (_, index) => kind.crest(left + index));
  const crestAt = (x: number): number => crests[clamp(Math.round(x - left), 0, crests.length - 1)] as number;
  const top = Math.floor(Math.min(...crests)) - 2;
  const span = {
    ...(kind.bottom === undefined ? {} : { bottom: kind.bottom }),
    ...(kind.left === undefined ? {} : { left: kind.left }),
    ...(kind.right === undefined ? {} : { right: kind.right }),
  };
  const layer = new Layer(world, { top: top - (kind.headroom ?? 0), ...span });
  const relief = new Layer(world, { top, resolution: kind.craggy === true ? 0.7 : 0.5, ...span });

  const lit = blend(kind.lit, light.haze, kind.distance);
  const shadow = blend(kind.shadow, light.haze, kind.distance);
  const snowLit = kind.snow === undefined ? lit : blend(kind.snow.color, light.haze, kind.distance * 0.8);
  const snowShadow = kind.snow === undefined ? shadow : blend(kind.snow.shadow, light.haze, kind.distance);
  const offset = world.random.fork(name).range(0, 256);
  const texel = 40 / kind.relief;
  const side = light.sun.x * width;
  const foot = kind.foot ?? relief.top + relief.height;
  const [hr, hg, hb] = light.haze;
  relief.shadePixels((x, y, out, at) => {
    const crest = crestAt(x);
    if (y < crest - 3) return;
    const u = x * texel + offset;
    // Relief hangs from the crest line, so that gullies run down from the peaks.
    const v = (y - crest * 0.55) * texel * 0.62 + offset;
    const from = clamp(((side - x) / width) * 3, -1, 1);
    const toLight = from * 2.2;
    const height = noises.soft.at(u, v) + noises.fine.at(u * 0.7, v * 0.7) * 0.35;
    const ahead = noises.soft.at(u + toLight, v - 1.4) + noises.fine.at(u * 0.7 + toLight, v * 0.7 - 1) * 0.35;
    const slope = height - ahead;
    const fall = (crestAt(x - 8) - crestAt(x + 8)) * -from;
    let bright = 0.46 + slope * kind.contrast * 1.4 + fall * 0.014 * kind.contrast;
    // Rock breaks into faces: each is either in the light or out of it.
    if (kind.craggy === true) {
      const face = Math.abs(ahead) - Math.abs(height) + slope * 0.6 + fall * 0.012;
      bright = smoothstep(-0.16, 0.2, face) * 0.7 + 0.15 + slope * 0.5;
    }
    bright = clamp(bright);
    let r = mix(shadow[0], lit[0], bright);
    let g = mix(shadow[1], lit[1], bright);
    let b = mix(shadow[2], lit[2], bright);
    if (kind.snow !== undefined) {
      const held = smoothstep(
        0.2,
        -0.25,
        (y - top - kind.snow.line) / (kind.snow.line + 1) + height * 0.55 + slope * 0.5,
      );
      r = mix(r, mix(snowShadow[0], snowLit[0], bright), held);
      g = mix(g, mix(snowShadow[1], snowLit[1], bright), held);
      b = mix(b, mix(snowShadow[2], snowLit[2], bright), held);
    }
    const mist = (kind.mist ?? 0) * smoothstep(crest, foot, y);
    out[at] = r + (hr - r) * mist;
    out[at + 1] = g + (hg - g) * mist;
    out[at + 2] = b + (hb - b) * mist;
    out[at + 3] = 255;
  });

  maskBelow(layer, relief, crestAt);
  return layer;
}

/** Cuts `filling` along a crest line into `layer`, at the layer's own sharpness. */
export function maskBelow(layer: Layer, filling: Layer, crest: (x: number) => number): void {
  const { context } = layer;
  const left = layer.left;
  const right = layer.left + layer.width;
  const bottom = layer.top + layer.height;
  context.beginPath();
  context.moveTo(left, bottom);
  for (let x = left; x < right + 1.5; x += 1.5) context.lineTo(x, crest(x));
  context.lineTo(right, bottom);
  context.fill();
  context.globalCompositeOperation = 'source-in';
  filling.draw(context);
  context.globalCompositeOperation = 'source-over';
}

/** A rolling line: `base` and `swing` in pixels, `waves` across the frame. `sharp` 0 rolls, 1 has peaks and notches. */
export function crestLine(
  world: World,
  name: string,
  shape: { base: number; swing: number; waves: number; sharp: number },
): (x: number) => number {
  const random = world.random.fork(`crest ${name}`);
  const offset = random.range(0, 256);
  const row = random.range(0, 256);
  const { soft, fine } = world.noises;
  const step = (shape.waves * 28) / world.width;
  return x => {
    const u = x * step + offset;
    const rolling = soft.at(u, row) * 0.9 + fine.at(u * 1.3, row) * 0.12;
    const peaks =
      1 - 2 * Math.abs(soft.at(u * 0.8, row + 40)) + fine.at(u * 1.1, row) * 0.28 + fine.at(u * 3.7, row + 9) * 0.1;
    return shape.base - shape.swing * mix(rolling, peaks - 0.3, shape.sharp);
  };
}

/** A skyline of mountains: `peaks` summits across the frame up to `tall` pixels over `base`, with ridges and notches of about `rough` pixels. */
export function peakLine(
  world: World,
  name: string,
  shape: { base: number; tall: number; peaks: number; rough: number },
): (x: number) => number {
  const random = world.random.fork(`peaks ${name}`);
  const { soft, fine } = world.noises;
  const offset = random.range(0, 256);
  const across = world.width * 1.3;
  const summits = Array.from({ length: shape.peaks }, (_, index) => ({
    x: -world.width * 0.15 + (across * (index + random.range(0.15, 0.85))) / shape.peaks,
    tall: shape.tall * random.range(0.5, 1),
    left: random.range(1.1, 1.9),
    right: random.range(1.1, 1.9),
  }));
  const texel = 100 / world.unit;
  return x => {
    let height = 0;
    for (const summit of summits) {
      const away = x - summit.x;
      const slope = Math.max(0, 1 - Math.abs(away) / (summit.tall * (away < 0 ? summit.left : summit.right)));
      height = Math.max(height, summit.tall * slope ** 1.12);
    }
    const u = x * texel + offset;
    const jag =
      (1 - 2 * Math.abs(soft.at(u, offset))) * 1.5 + fine.at(u, offset) * 1.2 + fine.at(u * 3.1, offset + 9) * 0.5;
    return shape.base - height - jag * shape.rough * (0.5 + height / shape.tall);
  };
}

// Trees as paths: each function only adds to the current path, so that a whole wood is one fill.

/** A fir or spruce standing at `x`, `foot`, `tall` pixels high, with drooping, uneven tiers. */
export function traceConifer(context: SKRSContext2D, x: number, foot: number, tall: number, random: Random): void {
  const tiers = tall > 60 ? 11 : tall > 26 ? 8 : 5;
  const wide = tall * random.range(0.17, 0.24);
  const trunk = tall * 0.022;
  const edge: [number, number][] = [];
  for (let tier = 0; tier < tiers; tier++) {
    const from = tier / tiers;
    const to = (tier + 1) / tiers;
    const reach = wide * (0.08 + 0.92 * to) * random.range(0.78, 1.12);
    edge.push(
      [reach * 0.42, foot - tall + tall * 0.92 * (from + 0.04)],
      [reach, foot - tall + tall * 0.92 * to + tall * 0.015],
    );
  }
  context.moveTo(x, foot - tall);
  for (const [reach, y] of edge) context.lineTo(x + reach, y);
  context.lineTo(x + trunk, foot - tall * 0.06);
  context.lineTo(x + trunk, foot + 1);
  context.lineTo(x - trunk, foot + 1);
  context.lineTo(x - trunk, foot - tall * 0.06);
  for (const [reach, y] of edge.toReversed()) context.lineTo(x - reach * random.range(0.86, 1.1), y);
  context.closePath();
}

/** A leafy tree: a short trunk under a heap of round crowns. */
export function traceLeafy(context: SKRSContext2D, x: number, foot: number, tall: number, random: Random): void {
  const trunk = tall * 0.045;
  context.moveTo(x - trunk, foot + 1);
  context.lineTo(x - trunk * 0.6, foot - tall * 0.5);
  context.lineTo(x + trunk * 0.6, foot - tall * 0.5);
  context.lineTo(x + trunk, foot + 1);
  context.closePath();
  for (let crown = 0; crown < 13; crown++) {
    const angle = random.range(0, Math.PI * 2);
    const away = Math.sqrt(random.next()) * tall * 0.26;
    const size = tall * random.range(0.1, 0.19);
    const cx = x + Math.cos(angle) * away * 1.15;
    const cy = foot - tall * 0.64 + Math.sin(angle) * away * 0.85;
    context.moveTo(cx + size, cy);
    context.arc(cx, cy, size, 0, Math.PI * 2);
  }
}

/** A palm leaning by `lean` (fractions of its height), with hanging fronds. */
export function tracePalm(
  context: SKRSContext2D,
  x: number,
  foot: number,
  tall: number,
  lean: number,
  random: Random,
): void {
  const topX = x + lean * tall;
  const topY = foot - tall;
  const thick = tall * 0.022;
  context.moveTo(x - thick * 1.6, foot);
  context.quadraticCurveTo(x - thick + lean * tall * 0.2, foot - tall * 0.6, topX - thick * 0.7, topY);
  context.lineTo(topX + thick * 0.7, topY);
  context.quadraticCurveTo(x + thick + lean * tall * 0.24, foot - tall * 0.6, x + thick * 1.6, foot);
  context.closePath();
  for (let frond = 0; frond < 10; frond++) {
    const angle = -Math.PI * (0.04 + 0.92 * (frond / 9)) + random.range(-0.12, 0.12);
    const long = tall * random.range(0.34, 0.46);
    const endX = topX + Math.cos(angle) * long;
    const endY = topY + Math.sin(angle) * long * 0.45 + long * 0.42;
    const midX = topX + Math.cos(angle) * long * 0.55;
    const midY = topY + Math.sin(angle) * long * 0.75 - long * 0.06;
    context.moveTo(topX, topY);
    context.quadraticCurveTo(midX, midY, endX, endY);
    context.quadraticCurveTo(midX + tall * 0.01, midY + tall * 0.075, topX, topY + tall * 0.02);
    context.closePath();
  }
}
