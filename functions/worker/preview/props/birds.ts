/** A loose flock crossing the sky, each bird with its own beat. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, css } from '../color.ts';
import { atDepth, type Scene, type World } from '../world.ts';

/** The flock flies around `y` pixels from the top. */
export function makeBirds(world: World, y: number): Scene {
  const random = world.random.fork('birds');
  const { width, unit } = world;
  const heading = random.chance(0.5) ? 1 : -1;
  const start = heading > 0 ? random.range(0.08, 0.3) : random.range(0.7, 0.92);
  const birds = Array.from({ length: random.whole(7, 11) }, (_, index) => ({
    x: (start + heading * -index * random.range(0.014, 0.034)) * width,
    y: y + (index % 2 === 0 ? 1 : -1) * index * unit * random.range(0.004, 0.013) + unit * random.range(-0.03, 0.03),
    span: unit * random.range(0.017, 0.03),
    beat: random.range(5, 7.5),
    phase: random.range(0, 6.28),
    pace: random.range(0.9, 1.1),
  }));
  const color = css(blend(world.light.shadow, [20, 20, 30], 0.5), 0.86);
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.3, () => {
        for (const bird of birds) {
          const x = bird.x + heading * bird.pace * time * unit * 0.055;
          const glide = Math.sin(time * 0.7 + bird.phase) > 0.55 ? 0.25 : 1;
          const lift = Math.sin(time * bird.beat + bird.phase) * glide;
          drawBird(context, x, bird.y + Math.sin(time * 0.8 + bird.phase) * unit * 0.006, bird.span, lift, color);
        }
      });
    },
  };
}

function drawBird(context: SKRSContext2D, x: number, y: number, span: number, lift: number, color: string): void {
  const tip = -lift * span * 0.42;
  const elbow = -span * 0.2 - lift * span * 0.2;
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x - span, y + tip);
  context.quadraticCurveTo(x - span * 0.5, y + elbow - span * 0.06, x, y);
  context.quadraticCurveTo(x + span * 0.5, y + elbow - span * 0.06, x + span, y + tip);
  context.quadraticCurveTo(x + span * 0.46, y + elbow + span * 0.1, x, y + span * 0.14);
  context.quadraticCurveTo(x - span * 0.46, y + elbow + span * 0.1, x - span, y + tip);
  context.fill();
}
