/** Weather in front of a scene: rain, snow, fog and lightning. Drops and flakes are endless streams computed from time, so none is ever born or dies in view. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css } from '../drawing/color.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import { atDepth, Layer, type Moment, type Scene, type World } from './world.ts';

/** The weather that the direction asks for. */
export function makeWeather(world: World): Scene {
  const { weather } = world.direction;
  const parts: Scene[] = [];
  if (weather.has('fog')) parts.push(makeFog(world, 0.55));
  if (weather.has('storm')) parts.push(makeLightning(world));
  if (weather.has('rain') || weather.has('storm')) parts.push(makeRain(world, weather.has('storm') ? 1.4 : 1));
  if (weather.has('snow')) parts.push(makeSnow(world));
  return {
    paint(context, moment) {
      for (const part of parts) part.paint(context, moment);
    },
  };
}

function makeRain(world: World, strength: number): Scene {
  const random = world.random.fork('rain');
  const { width, height, unit } = world;
  const color: Color = blend(world.light.sky[3], [235, 242, 255], 0.7);
  const sheets = [
    { count: 190, length: 0.035, speed: 1.5, line: 0.0014, alpha: 0.2 },
    { count: 110, length: 0.06, speed: 2.1, line: 0.0021, alpha: 0.24 },
    { count: 36, length: 0.11, speed: 2.9, line: 0.0034, alpha: 0.2 },
  ].map(sheet => ({
    ...sheet,
    drops: Array.from(
      { length: Math.round(sheet.count * strength) },
      () => [random.next(), random.next(), random.range(0.85, 1.15)] as const,
    ),
  }));
  const slant = random.range(0.08, 0.2) * (random.chance(0.5) ? 1 : -1);
  return {
    paint(context, { time }) {
      for (const sheet of sheets) {
        context.beginPath();
        for (const [x, start, pace] of sheet.drops) {
          const fall = (start + time * sheet.speed * pace * 0.75) % 1.3;
          const y = fall * height - sheet.length * height;
          const px = (((x + slant * fall + 1) % 1) * 1.2 - 0.1) * width;
          const long = sheet.length * unit * 1.2;
          context.moveTo(px, y);
          context.lineTo(px + slant * long, y + long);
        }
        context.lineWidth = Math.max(0.7, sheet.line * unit);
        context.strokeStyle = css(color, sheet.alpha);
        context.stroke();
      }
    },
  };
}

export function makeSnow(world: World): Scene {
  const random = world.random.fork('snow');
  const { width, height, unit } = world;
  const sheets = [
    { count: 210, size: 0.0022, speed: 0.055, alpha: 0.6 },
    { count: 110, size: 0.0038, speed: 0.085, alpha: 0.7 },
    { count: 34, size: 0.0075, speed: 0.13, alpha: 0.4 },
  ].map(sheet => ({
    ...sheet,
    flakes: Array.from(
      { length: sheet.count },
      () => [random.next(), random.next(), random.range(0.6, 1.4), random.range(0, 6.28)] as const,
    ),
  }));
  return {
    paint(context, { time }) {
      for (const sheet of sheets) {
        context.beginPath();
        for (const [x, start, pace, phase] of sheet.flakes) {
          const y = ((start + time * sheet.speed * pace * 1.4) % 1) * 1.1 - 0.05;
          const sway = Math.sin(time * 0.9 * pace + phase) * 0.012 + time * sheet.speed * 0.25;
          const px = ((((x + sway) % 1) + 1) % 1) * 1.06 - 0.03;
          const radius = sheet.size * unit * pace;
          context.moveTo(px * width + radius, y * height);
          context.arc(px * width, y * height, radius, 0, Math.PI * 2);
        }
        context.fillStyle = `rgba(250, 252, 255, ${sheet.alpha})`;
        context.fill();
      }
    },
  };
}

/** Banks of fog that drift across; `strength` 0 to 1. */
export function makeFog(world: World, strength: number, top = 0.25): Scene {
  const { noises, width, height, light } = world;
  const offset = world.random.fork('fog').range(0, 256);
  const bank = (shift: number, scale: number): Layer => {
    const layer = new Layer(world, { resolution: 0.125 });
    const [r, g, b] = light.haze;
    layer.shadePixels((x, y, out, at) => {
      const texel = 90 / width;
      const value = noises.soft.at(x * texel * scale + offset + shift, y * texel * scale * 2.6 + shift);
      out[at] = r;
      out[at + 1] = g;
      out[at + 2] = b;
      out[at + 3] = 255 * strength * clamp(0.42 + value * 0.5) * smoothstep(top, top + 0.4, y / height);
    });
    return layer;
  };
  const far = bank(0, 1);
  const near = bank(120, 0.6);
  return {
    paint(context, { time, camera }: Moment) {
      const reach = width * 0.1;
      atDepth(context, world, camera, 0.5, () => far.draw(context, reach * Math.sin(time * 0.16)));
      atDepth(context, world, camera, 0.9, () => near.draw(context, -reach * Math.sin(time * 0.21 + 1)));
    },
  };
}

function makeLightning(world: World): Scene {
  const random = world.random.fork('lightning');
  const strikes = Array.from({ length: 8 }, (_, index) => ({
    at: 0.7 + index * 2.1 + random.range(-0.4, 0.4),
    path: bolt(world, random.range(0.15, 0.85) * world.width),
  }));
  return {
    paint(context, { time }) {
      for (const { at, path } of strikes) {
        const since = time - at;
        if (since < 0 || since > 0.55) continue;
        const flash = Math.exp(-since * 7) * (0.65 + 0.35 * Math.cos(since * 60));
        drawStrike(context, world, path, flash);
      }
    },
  };
}

function bolt(world: World, from: number): readonly (readonly [number, number])[] {
  const random = world.random.fork(`bolt ${from.toFixed(1)}`);
  const points: [number, number][] = [[from, -10]];
  let x = from;
  for (let y = 0; y < world.height * 0.5; y += world.height * 0.025) {
    x += random.range(-1, 1) * world.unit * 0.028;
    points.push([x, y]);
  }
  return points;
}

function drawStrike(
  context: SKRSContext2D,
  world: World,
  path: readonly (readonly [number, number])[],
  flash: number,
): void {
  context.fillStyle = `rgba(214, 222, 255, ${(flash * 0.3).toFixed(3)})`;
  context.fillRect(0, 0, world.width, world.height);
  context.save();
  context.globalCompositeOperation = 'lighter';
  context.lineJoin = 'round';
  for (const [line, alpha] of [
    [0.022, 0.1],
    [0.008, 0.25],
    [0.003, 0.9],
  ] as const) {
    context.beginPath();
    for (const [x, y] of path) context.lineTo(x, y);
    context.lineWidth = line * world.unit;
    context.strokeStyle = `rgba(220, 226, 255, ${(alpha * flash).toFixed(3)})`;
    context.stroke();
  }
  context.restore();
}
