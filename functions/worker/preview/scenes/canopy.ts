/** Leaves as a mass: noise cut off at a level, crisp at its edge, lighter where the light comes through. */
import { blend, type Color } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { Layer, type World } from './world.ts';

export interface Canopy {
  /** How much there is at frame pixel `x`, `y`: below 0 bare, 1 closed. */
  readonly cover: (x: number, y: number) => number;
  /** Colours where the light comes through and where it does not; several when not all of it is of one kind. */
  readonly kinds: readonly { readonly lit: Color; readonly dark: Color }[];
  /** Which of them grows at frame pixel `x`, `y`. */
  readonly kind?: (x: number, y: number) => number;
  readonly distance: number;
  /** Size of a clump in pixels. */
  readonly clump: number;
  readonly top?: number;
  readonly bottom?: number;
}

export function makeCanopy(world: World, name: string, kind: Canopy): Layer {
  const { noises, light, width, height } = world;
  const bounds = {
    ...(kind.top === undefined ? {} : { top: kind.top }),
    ...(kind.bottom === undefined ? {} : { bottom: kind.bottom }),
  };
  const layer = new Layer(world, { ...bounds, resolution: 0.6 });
  const offset = world.random.fork(name).range(0, 256);
  const texel = 20 / kind.clump;
  const tones = kind.kinds.map(({ lit, dark }) => ({
    lit: blend(lit, light.haze, kind.distance),
    dark: blend(dark, light.haze, kind.distance),
  }));
  const sunX = light.sun.x * width;
  layer.shadePixels((x, y, out, at) => {
    const cover = kind.cover(x, y);
    if (cover < -0.75) return;
    const u = x * texel + offset;
    const v = y * texel + offset;
    const leaf = noises.fine.at(u * 2.6, v * 2.6);
    const mass = noises.soft.at(u * 0.55, v * 0.55) * 0.8 + noises.fine.at(u, v) * 0.42 + leaf * 0.3;
    const alpha = smoothstep(-0.02, 0.13, mass + cover);
    if (alpha <= 0.004) return;
    // Thin leaves let the light through, and those nearer the sun most.
    const through =
      clamp(1 - (mass + cover) * 1.3) * 0.5 +
      0.5 * Math.exp(-Math.hypot(x - sunX, y * 0.8 - height * 0.1) / (width * 0.22));
    const share = clamp(through * 0.75 + leaf * 0.42 + noises.fine.at(u * 1.4 + 60, v * 1.4) * 0.25);
    const tone = tones[kind.kind?.(x, y) ?? 0] ?? tones[0];
    if (tone === undefined) return;
    const { lit, dark } = tone;
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] = mix(dark[channel] as number, lit[channel] as number, share);
    out[at + 3] = 255 * alpha;
  });
  return layer;
}
