/** A band of low mist that drifts between two layers of a landscape. */
import { clamp, smoothstep } from './curves.ts';
import { atDepth, Layer, type Scene, type World } from './world.ts';

/** The band is thickest at `y` and `tall` pixels either side of it; `strength` 0 to 1. */
export function makeMistBand(
  world: World,
  name: string,
  y: number,
  tall: number,
  strength: number,
  depth: number,
): Scene {
  const { noises, width, light } = world;
  const random = world.random.fork(name);
  const offset = random.range(0, 256);
  const speed = random.range(0.12, 0.2) * (random.chance(0.5) ? 1 : -1);
  const layer = new Layer(world, { top: y - tall, bottom: y + tall, resolution: 0.2 });
  const [r, g, b] = light.haze;
  layer.shadePixels((x, row, out, at) => {
    const away = Math.abs(row - y) / tall;
    const value = noises.soft.at((x * 110) / width + offset, (row * 260) / width + offset);
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
    out[at + 3] = 255 * strength * smoothstep(1, 0.05, away) * clamp(0.45 + value * 0.75);
  });
  return {
    paint(context, { time, camera }) {
      const drift = width * 0.1 * Math.sin(time * speed + offset);
      atDepth(context, world, camera, depth, () => layer.draw(context, drift));
    },
  };
}
