/** What flutters by: butterflies, and petals coming off a tree. */
import { type Color, css, hex, shade } from '../color.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const WINGS: readonly [Color, ...Color[]] = [hex('#f9b13c'), hex('#6fb7f2'), hex('#fdf6e6'), hex('#f0788f')];

export function makeButterflies(world: World): Scene {
  const { width, height, unit } = world;
  const random = world.random.fork('butterflies');
  const count = world.direction.props.has('butterflies') ? 9 : 3;
  const flies = Array.from({ length: count }, () => ({
    x: random.range(0.1, 0.9),
    y: random.range(0.46, 0.8),
    size: unit * random.range(0.011, 0.021),
    color: random.pick(WINGS),
    phase: random.range(0, 60),
    pace: random.range(0.8, 1.25),
    depth: random.range(0.5, 0.9),
  }));
  return {
    paint(context, { time, camera }) {
      for (const fly of flies) {
        atDepth(context, world, camera, fly.depth, () => {
          const t = time * fly.pace + fly.phase;
          const x = fly.x * width + (Math.sin(t * 0.7) + Math.sin(t * 1.7) * 0.4) * unit * 0.09;
          const y = fly.y * height + (Math.sin(t * 1.1 + 2) + Math.sin(t * 2.9) * 0.35) * unit * 0.045;
          const open = 0.25 + 0.75 * Math.abs(Math.sin(t * 9));
          context.save();
          context.translate(x, y);
          context.rotate(Math.sin(t * 0.9) * 0.5);
          context.scale(fly.size, fly.size);
          for (const side of [-1, 1]) {
            context.fillStyle = css(side < 0 ? shade(fly.color, 0.86) : fly.color);
            context.beginPath();
            context.ellipse(side * 0.55 * open, -0.3, 0.62 * open, 0.62, side * 0.5, 0, Math.PI * 2);
            context.ellipse(side * 0.42 * open, 0.42, 0.44 * open, 0.42, side * -0.4, 0, Math.PI * 2);
            context.fill();
          }
          context.fillStyle = 'rgba(30, 20, 24, 0.9)';
          context.beginPath();
          context.ellipse(0, 0, 0.08, 0.6, 0, 0, Math.PI * 2);
          context.fill();
          context.restore();
        });
      }
    },
  };
}

export function makePetals(world: World): Scene {
  const { width, height, unit } = world;
  const random = world.random.fork('petals');
  const petals = Array.from({ length: 60 }, () => ({
    x: random.next(),
    y: random.next(),
    size: unit * random.range(0.004, 0.01),
    pace: random.range(0.05, 0.1),
    phase: random.range(0, 6.28),
    bright: random.range(0.85, 1.05),
  }));
  const color = world.direction.colors[0] ?? hex('#ffc6dc');
  return {
    paint(context, { time }) {
      for (const petal of petals) {
        const y = (petal.y + time * petal.pace) % 1.1;
        const x =
          (((petal.x + time * petal.pace * 0.7 + Math.sin(time * 1.3 + petal.phase) * 0.012) % 1.1) + 1.1) % 1.1;
        context.fillStyle = css(shade(color, petal.bright), 0.85);
        context.beginPath();
        context.ellipse(
          (x - 0.05) * width,
          (y - 0.05) * height,
          petal.size,
          petal.size * (0.3 + 0.5 * Math.abs(Math.sin(time * 2.1 + petal.phase))),
          time * 1.4 + petal.phase,
          0,
          Math.PI * 2,
        );
        context.fill();
      }
    },
  };
}
