/** Northern lights: hanging curtains of light, folded by slow noise. Computed small every frame, since they hold no edge. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { type Color, hex } from '../color.ts';
import { clamp, smoothstep } from '../curves.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const COLUMNS = 240;
const ROWS = 72;

export function makeAurora(world: World, horizon: number): Scene {
  const { soft, fine } = world.noises;
  const random = world.random.fork('aurora');
  const canvas = createCanvas(COLUMNS, ROWS);
  const context = canvas.getContext('2d');
  const image = new ImageData(COLUMNS, ROWS);
  const low: Color = world.direction.colors[0] ?? hex('#3dffa0');
  const high: Color = world.direction.colors[1] ?? hex('#8a5cff');
  const curtains = [0, 1, 2].map(index => ({
    base: 0.5 + index * 0.17 + random.range(-0.04, 0.04),
    offset: random.range(0, 256),
    strength: [0.6, 1, 0.75][index] ?? 1,
  }));
  return {
    paint(target, { time, camera }) {
      image.data.fill(0);
      for (const { base, offset, strength } of curtains) {
        for (let x = 0; x < COLUMNS; x++) {
          const fold = soft.at(x * 0.33 + offset + time * 1.1, offset + time * 1.6);
          const foot = (base + fold * 0.26) * ROWS;
          const ray = 0.5 + 0.5 * fine.at(x * 0.9 + offset + time * 2.4, offset + time * 1.3);
          const bright =
            strength *
            clamp(0.25 + ray * 0.95) *
            smoothstep(-0.75, 0.35, soft.at(x * 0.2 + offset + 90, offset + time * 1.2));
          const tall = ROWS * (0.28 + 0.34 * ray);
          for (let y = Math.max(0, Math.floor(foot - tall * 1.5)); y < Math.min(ROWS, foot + 5); y++) {
            const up = (foot - y) / tall;
            const light =
              bright * (up < 0 ? Math.max(0, 1 + up * tall * 0.25) : Math.exp(-up * 2.3)) * smoothstep(0, 9, y);
            const at = (y * COLUMNS + x) * 4;
            const share = clamp(up * 1.25);
            for (let channel = 0; channel < 3; channel++) {
              const tone = (low[channel] as number) + ((high[channel] as number) - (low[channel] as number)) * share;
              image.data[at + channel] = (image.data[at + channel] as number) + tone * light * 0.82;
            }
            image.data[at + 3] = 255;
          }
        }
      }
      context.putImageData(image, 0, 0);
      atDepth(
        target,
        world,
        camera,
        0.03,
        () => {
          target.save();
          target.globalCompositeOperation = 'screen';
          target.drawImage(
            canvas,
            -world.width * 0.12,
            -world.height * 0.1,
            world.width * 1.24,
            horizon + world.height * 0.08,
          );
          target.restore();
        },
        horizon,
      );
    },
  };
}
