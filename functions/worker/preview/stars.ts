/** Stars above a horizon. Most are painted once; the brightest twinkle. */
import { type Color, css } from './color.ts';
import { smoothstep } from './curves.ts';
import { halo } from './glow.ts';
import { atDepth, Layer, type Scene, type World } from './world.ts';

const TONES: readonly [Color, ...Color[]] = [
  [255, 255, 255],
  [206, 222, 255],
  [255, 236, 210],
  [190, 210, 255],
];

export function makeStars(world: World, horizon: number, depth = 0.03, density = 1): Scene {
  const random = world.random.fork('stars');
  const layer = new Layer(world);
  const area = (layer.width * layer.height) / (960 * 540);
  const size = world.unit / 540;
  const context = layer.context;
  for (let star = 0; star < 520 * area * density * world.light.stars; star++) {
    const x = layer.left + random.next() * layer.width;
    const y = layer.top + random.next() * layer.height;
    const fade = smoothstep(horizon, horizon * 0.45, y);
    const bright = random.next() ** 5;
    if (fade <= 0) continue;
    context.fillStyle = css(random.pick(TONES), fade * (0.22 + 0.78 * bright));
    context.beginPath();
    context.arc(x, y, size * (0.5 + 0.9 * bright), 0, Math.PI * 2);
    context.fill();
  }
  const twinklers = Array.from({ length: Math.round(34 * density) }, () => ({
    x: layer.left + random.next() * layer.width,
    y: layer.top + random.next() * (horizon - layer.top) * 0.85,
    size: size * random.range(1.1, 2),
    tone: random.pick(TONES),
    speed: random.range(1.5, 4),
    phase: random.range(0, 6.28),
  }));
  return {
    paint(target, { time, camera }) {
      atDepth(target, world, camera, depth, () => {
        layer.draw(target);
        for (const star of twinklers) {
          const pulse = 0.6 + 0.4 * Math.sin(time * star.speed + star.phase);
          const fade = smoothstep(horizon, horizon * 0.5, star.y) * world.light.stars * pulse;
          if (fade > 0.02) halo(target, star.x, star.y, star.size * 5, star.tone, fade, 'lighter');
        }
      });
    },
  };
}
