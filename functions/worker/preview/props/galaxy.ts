/** A spiral galaxy seen at a slant, turning. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { Color } from '../color.ts';
import { blend, css } from '../color.ts';
import { smoothstep } from '../curves.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const SIDE = 420;

export function makeGalaxy(world: World, colors: readonly Color[]): Scene {
  const { width, height, unit, noises } = world;
  const random = world.random.fork('galaxy');
  const canvas = createCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  const image = new ImageData(SIDE, SIDE);
  const [, , middle, bright, pale] = colors as [Color, Color, Color, Color, Color];
  const twist = random.chance(0.5) ? 1 : -1;
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at += 4) {
      const px = (column / SIDE) * 2 - 1;
      const py = (row / SIDE) * 2 - 1;
      const r = Math.hypot(px, py);
      if (r >= 1) continue;
      const angle = Math.atan2(py, px) * twist;
      const cloud = noises.soft.at(column * 0.5, row * 0.5) * 0.7 + noises.fine.at(column * 0.5, row * 0.5) * 0.4;
      const arm = Math.cos(angle * 2 + Math.log(r + 0.06) * 5.2 + cloud * 1.1);
      const lanes = smoothstep(-0.35, 1, arm) * (0.55 + 0.6 * cloud + 0.35);
      const core = Math.exp(-r * r * 42);
      const light = lanes * Math.exp(-r * 2.3) * smoothstep(1, 0.6, r) * 1.25 + core + Math.exp(-r * 7) * 0.35;
      const tone = blendFast(
        r < 0.3 ? pale : bright,
        r < 0.3 ? bright : middle,
        r < 0.3 ? r / 0.3 : Math.min(1, (r - 0.3) * 1.6),
      );
      for (let channel = 0; channel < 3; channel++)
        image.data[at + channel] = (tone[channel] as number) + (255 - (tone[channel] as number)) * core;
      image.data[at + 3] = 255 * Math.min(1, light * 1.25);
    }
  }
  context.putImageData(image, 0, 0);
  for (let star = 0; star < 900; star++) {
    const r = random.next() ** 0.7 * 0.95;
    const arm = random.whole(0, 1) * Math.PI;
    const angle = (arm - Math.log(r + 0.06) * 2.6 + random.range(-0.45, 0.45)) * twist;
    context.fillStyle = css(
      blend([255, 255, 255], random.chance(0.5) ? bright : pale, 0.4),
      random.range(0.15, 0.9) * (1 - r * 0.6),
    );
    context.fillRect((Math.cos(angle) * r * 0.5 + 0.5) * SIDE, (Math.sin(angle) * r * 0.5 + 0.5) * SIDE, 1.3, 1.3);
  }
  const size = unit * 1.05;
  const slant = random.range(-0.5, 0.5);
  const x = width * random.range(0.46, 0.54);
  const y = height * 0.5;
  return {
    paint(target, { time, camera }) {
      atDepth(target, world, camera, 0.3, () => {
        target.save();
        target.globalCompositeOperation = 'screen';
        target.translate(x, y);
        target.rotate(slant);
        target.scale(1, 0.55);
        target.rotate(time * 0.05 * twist);
        target.drawImage(canvas, -size / 2, -size / 2, size, size);
        target.restore();
        halo(target, x, y, unit * 0.26, pale, 0.7, 'screen');
      });
    },
  };
}

function blendFast(from: Color, to: Color, share: number): Color {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}
