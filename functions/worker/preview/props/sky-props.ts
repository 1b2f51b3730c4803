/** What a direction puts into the sky, whatever lies under it. */
import { blend } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';
import { makeAurora } from './aurora.ts';
import { makeBalloons } from './balloon.ts';
import { makeBirds } from './birds.ts';

/** Balloons, birds, northern lights, or meteors, as asked for: the `far` ones are beyond any land, the `near` ones fly before it. */
export function makeSkyProps(world: World, horizon: number, which: 'all' | 'far' | 'near' = 'all'): Scene {
  const { props } = world.direction;
  const parts: Scene[] = [];
  if (which !== 'near') {
    if (props.has('aurora')) parts.push(makeAurora(world, horizon));
    if (props.has('meteor')) parts.push(makeMeteors(world, horizon));
  }
  if (which === 'far') return inOrder(parts);
  if (props.has('balloon')) parts.push(makeBalloons(world, horizon));
  if (props.has('birds')) parts.push(makeBirds(world, horizon * 0.42));
  return inOrder(parts);
}

function inOrder(parts: readonly Scene[]): Scene {
  return {
    paint(context, moment) {
      for (const part of parts) part.paint(context, moment);
    },
  };
}

/** Shooting stars, one every second and a half or so. */
function makeMeteors(world: World, horizon: number): Scene {
  const random = world.random.fork('meteors');
  const { width, unit } = world;
  const meteors = Array.from({ length: 12 }, (_, index) => ({
    at: 0.3 + index * 1.45 + random.range(-0.3, 0.3),
    x: random.range(0.25, 1) * width,
    y: random.range(0.05, 0.4) * horizon,
    long: unit * random.range(0.18, 0.36),
  }));
  const tone = blend([255, 255, 255], world.light.glow, 0.3);
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.04, () => {
        for (const { at, x, y, long } of meteors) {
          const age = (time - at) / 0.9;
          if (age <= 0 || age >= 1) continue;
          const bright = Math.sin(age * Math.PI);
          const hx = x - age * long * 1.8;
          const hy = y + age * long * 0.75;
          const tail = context.createLinearGradient(hx, hy, hx + long, hy - long * 0.42);
          tail.addColorStop(0, `rgba(255, 255, 255, ${(0.9 * bright).toFixed(3)})`);
          tail.addColorStop(1, 'rgba(255, 255, 255, 0)');
          context.strokeStyle = tail;
          context.lineWidth = Math.max(1, unit * 0.0032);
          context.lineCap = 'round';
          context.beginPath();
          context.moveTo(hx, hy);
          context.lineTo(hx + long, hy - long * 0.42);
          context.stroke();
          halo(context, hx, hy, unit * 0.025, tone, 0.9 * bright, 'lighter');
        }
      });
    },
  };
}
