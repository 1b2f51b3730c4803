/** A cabin on a hill with a lit window and smoke from its chimney. */
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

/** Stands on the line `crest`, as far away as `depth`. */
export function makeCabin(world: World, crest: (x: number) => number, depth: number): Scene {
  const { width, unit, light, direction } = world;
  const random = world.random.fork('cabin');
  const x = width * (light.sun.x > 0.5 ? random.range(0.24, 0.36) : random.range(0.64, 0.76));
  const y = crest(x) + unit * 0.012;
  const size = unit * 0.1;
  const ambient = 0.35 + 0.65 * light.brightness;
  const tone = (code: string): Color => blend(blend(shade(hex(code), ambient), light.shadow, 0.28), light.lit, 0.14);
  const snowy = direction.family === 'winter';
  const lamp: Color = [255, 196, 104];
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, depth, () => {
        for (let puff = 0; puff < 9; puff++) {
          const age = (puff / 9 + time * 0.09) % 1;
          const px = x + size * 0.34 + Math.sin(age * 5 + puff) * size * 0.1 + age * size * 0.7;
          halo(
            context,
            px,
            y - size * (1.02 + age * 1.5),
            size * (0.1 + 0.42 * age),
            blend(light.haze, [255, 255, 255], 0.3),
            0.34 * (1 - age) * Math.min(1, age * 6),
            'source-over',
          );
        }
        context.save();
        context.translate(x, y);
        context.scale(size, size);
        context.fillStyle = css(tone('#5a4436'));
        context.fillRect(0.26, -0.98, 0.14, 0.4);
        const wall = context.createLinearGradient(-0.6, 0, 0.6, 0);
        const fromLeft = light.sun.x * width < x;
        wall.addColorStop(0, css(fromLeft ? tone('#9a6b46') : tone('#4b3226')));
        wall.addColorStop(1, css(fromLeft ? tone('#4b3226') : tone('#9a6b46')));
        context.fillStyle = wall;
        context.beginPath();
        context.moveTo(-0.58, 0.1);
        context.lineTo(-0.58, -0.42);
        context.lineTo(0, -0.84);
        context.lineTo(0.58, -0.42);
        context.lineTo(0.58, 0.1);
        context.fill();
        context.strokeStyle = css(tone('#3a271c'), 0.45);
        context.lineWidth = 0.018;
        context.beginPath();
        for (let row = 1; row < 6; row++) {
          context.moveTo(-0.58, -0.42 + row * 0.1);
          context.lineTo(0.58, -0.42 + row * 0.1);
        }
        context.stroke();
        context.strokeStyle = css(snowy ? blend([250, 252, 255], light.lit, 0.3) : tone('#3c2a22'));
        context.lineWidth = snowy ? 0.15 : 0.1;
        context.lineCap = 'round';
        context.lineJoin = 'round';
        context.beginPath();
        context.moveTo(-0.7, -0.38);
        context.lineTo(0, -0.89);
        context.lineTo(0.7, -0.38);
        context.stroke();
        context.fillStyle = css(lamp);
        context.fillRect(-0.4, -0.3, 0.26, 0.24);
        context.fillStyle = css(tone('#3a251a'));
        context.fillRect(0.06, -0.34, 0.24, 0.44);
        context.fillRect(-0.28, -0.3, 0.022, 0.24);
        context.fillRect(-0.4, -0.19, 0.26, 0.022);
        context.restore();
        const flicker = 0.9 + 0.1 * Math.sin(time * 5.1) * Math.sin(time * 3.3);
        halo(
          context,
          x - size * 0.27,
          y - size * 0.18,
          size * 1.5,
          lamp,
          (1.05 - light.brightness * 0.8) * 0.55 * flicker,
          'lighter',
        );
      });
    },
  };
}
