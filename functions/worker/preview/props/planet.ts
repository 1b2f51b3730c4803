/** A banded planet with air at its edge, and rings for some; its surface turns slowly. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { blend, type Color, css, hex, ramp, shade } from '../color.ts';
import { clamp, mix, smoothstep } from '../curves.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const SIDE = 220;

export function makePlanet(world: World, colors: readonly Color[]): Scene {
  const { width, height, unit, direction, noises } = world;
  const random = world.random.fork('planet');
  const red = /\bmars\b/.test(direction.text);
  const blue = /\bearth\b/.test(direction.text);
  const ringed = /saturn|ring/.test(direction.text) || (!red && !blue && random.chance(0.55));
  const bands = ramp(
    red
      ? ['#5a2a1c', '#b85a34', '#e09a64', '#8c4228'].map(hex)
      : blue
        ? ['#0c2f6b', '#1f5fa8', '#e8f2fa', '#2f7a4a', '#1a4f96'].map(hex)
        : surface(colors),
    256,
  );
  const x = width * (random.chance(0.5) ? random.range(0.3, 0.38) : random.range(0.62, 0.7));
  const y = height * random.range(0.42, 0.52);
  const r = unit * random.range(0.23, 0.28);
  const lightX = x > width / 2 ? -0.72 : 0.72;
  const air = blue ? hex('#7fc4ff') : blend(colors[3] ?? [160, 200, 255], [255, 255, 255], 0.3);
  const canvas = createCanvas(SIDE, SIDE);
  const image = new ImageData(SIDE, SIDE);
  const tilt = random.range(-0.35, 0.35);

  /** Longitude, latitude and light of every point of the disc, worked out once. */
  const points: { at: number; u: number; v: number; light: number; edge: number }[] = [];
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const px = ((column + 0.5) / SIDE) * 2 - 1;
      const py = ((row + 0.5) / SIDE) * 2 - 1;
      const from = px * px + py * py;
      if (from > 1.02) continue;
      const pz = Math.sqrt(Math.max(0, 1 - from));
      const rx = px * Math.cos(tilt) + py * Math.sin(tilt);
      const ry = -px * Math.sin(tilt) + py * Math.cos(tilt);
      points.push({
        at: (row * SIDE + column) * 4,
        u: Math.atan2(rx, pz) * 30,
        v: Math.asin(clamp(ry, -1, 1)) * 40,
        light: px * lightX - py * 0.5 + pz * 0.46,
        edge: Math.sqrt(from),
      });
    }
  }

  function turn(time: number): void {
    for (const { at, u, v, light, edge } of points) {
      const drift = u + time * 1.5;
      const swirl = noises.soft.at(drift * 0.5, v * 1.4) * (blue || red ? 60 : 13);
      const texture =
        blue || red
          ? noises.soft.at(drift + 20, v + swirl * 0.1) * 90 + 128
          : 128 + Math.sin((v + swirl) * 0.21) * 84 + noises.fine.at(drift * 0.6, v * 3) * 46;
      const step = Math.round(clamp(texture / 255) * 255) * 3;
      const day = smoothstep(-0.14, 0.75, light);
      const rim = smoothstep(0.78, 1, edge) * smoothstep(-0.3, 0.5, light) * 0.75;
      for (let channel = 0; channel < 3; channel++) {
        const ground = (bands[step + channel] as number) * mix(0.025, 1.08, day);
        image.data[at + channel] = mix(ground, air[channel] as number, rim);
      }
      image.data[at + 3] = 255 * smoothstep(1.005, 0.985, edge);
    }
    canvas.getContext('2d').putImageData(image, 0, 0);
  }

  function ring(context: Parameters<Scene['paint']>[0], front: boolean): void {
    context.save();
    context.translate(x, y);
    context.rotate(tilt - 0.12);
    context.scale(1, 0.24);
    for (let band = 0; band < 22; band++) {
      const radius = r * (1.34 + band * 0.036);
      const dense = 0.5 + 0.5 * Math.sin(band * 1.9) * Math.sin(band * 0.7 + 1);
      context.strokeStyle = css(
        blend(shade(colors[4] ?? [240, 220, 190], 0.95), colors[3] ?? [200, 150, 120], 1 - dense),
        0.1 + 0.5 * dense * (band === 12 || band === 13 ? 0.1 : 1),
      );
      context.lineWidth = r * 0.038;
      context.beginPath();
      context.arc(0, 0, radius, front ? 0 : Math.PI, front ? Math.PI : Math.PI * 2);
      context.stroke();
    }
    context.restore();
  }

  return {
    paint(context, { time, camera }) {
      turn(time);
      atDepth(context, world, camera, 0.42, () => {
        halo(context, x + lightX * r * 0.25, y - r * 0.15, r * 1.75, air, 0.42, 'screen');
        if (ringed) ring(context, false);
        context.drawImage(canvas, x - r, y - r, r * 2, r * 2);
        if (ringed) ring(context, true);
      });
    },
  };
}

function surface(colors: readonly Color[]): Color[] {
  const [, deep, middle, bright, pale] = colors as [Color, Color, Color, Color, Color];
  return [
    blend(deep, middle, 0.6),
    middle,
    blend(bright, middle, 0.35),
    blend(pale, bright, 0.4),
    bright,
    blend(middle, deep, 0.25),
  ];
}
