/** Dunes: each has a face in the light and one in shadow, parted by a sharp winding ridge, with wind ripples across both. */
import { blend, type Color, hex, shade } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { maskBelow } from './land.ts';
import { makeSky } from './sky.ts';
import { makeSkyProps } from './sky-props.ts';
import { atDepth, Layer, type SceneBuilder, type World } from './world.ts';

const ROWS = 5;

export const makeDesert: SceneBuilder = world => {
  const { height, unit } = world;
  const horizon = height * 0.58;
  const sky = makeSky(world, horizon);
  const skyProps = makeSkyProps(world, horizon);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const near = row / (ROWS - 1);
    const layer = makeDune(world, row, near, mix(horizon, height * 0.9, near ** 1.5));
    return { layer, depth: mix(0.1, 0.9, near) };
  });
  const sand = makeBlownSand(world, horizon);
  return {
    paint(context, moment) {
      sky.paint(context, moment);
      skyProps.paint(context, moment);
      for (const { layer, depth } of rows)
        atDepth(context, world, moment.camera, depth, () => layer.draw(context), horizon);
      sand(context, moment.time);
    },
  };
};

function makeDune(world: World, row: number, near: number, base: number): Layer {
  const { width, unit, light, noises } = world;
  const { soft, fine } = noises;
  const random = world.random.fork(`dune ${row}`);
  const fromLeft = light.sun.x < 0.5;
  const count = Math.round(mix(5, 2, near) * Math.max(1, width / unit / 1.4));
  const humps = Array.from({ length: count }, (_, index) => ({
    x: width * (-0.25 + (1.5 * (index + random.range(0.2, 0.8))) / count),
    tall: unit * mix(0.055, 0.23, near) * random.range(0.55, 1.1),
    gentle: unit * mix(0.34, 0.95, near) * random.range(0.8, 1.2),
    steep: unit * mix(0.2, 0.5, near) * random.range(0.8, 1.2),
    bend: random.range(0.35, 0.9),
    phase: random.range(0, 6.28),
  }));
  const offset = random.range(0, 256);
  const heightOf = (hump: (typeof humps)[number], x: number): number => {
    const away = fromLeft ? x - hump.x : hump.x - x;
    const t = away < 0 ? -away / hump.gentle : away / hump.steep;
    return t >= 1 ? 0 : hump.tall * (away < 0 ? (1 - t * t) ** 2 : (1 - t) ** 1.4 * (1 + 0.4 * t));
  };
  const crest = (x: number): number => {
    let tall = 0;
    for (const hump of humps) tall = Math.max(tall, heightOf(hump, x)) + Math.min(tall, heightOf(hump, x)) * 0.16;
    return base - tall - soft.at((x * 14) / unit + offset, offset) * unit * 0.012;
  };
  const top = Math.floor(base - unit * mix(0.09, 0.36, near));
  // What lies deeper than the next row's highest point is never seen.
  const bottom =
    near === 1 ? undefined : mix(world.height * 0.58, world.height * 0.9, (near + 0.25) ** 1.5) + unit * 0.09;
  const span = bottom === undefined ? { top } : { top, bottom };
  const layer = new Layer(world, span);
  const filling = new Layer(world, { ...span, resolution: 0.5 });
  const sand: Color =
    world.direction.colors[0] !== undefined
      ? blend(hex('#e3a45e'), world.direction.colors[0], 0.35)
      : light.hour === 'day'
        ? hex('#ecbd7c')
        : hex('#dd9450');
  const night = light.hour === 'night';
  const lit = blend(
    blend(night ? blend(sand, light.lit, 0.75) : sand, light.lit, 0.4),
    light.haze,
    mix(0.55, 0, near ** 0.8),
  );
  const dark = blend(blend(shade(sand, 0.48), light.shadow, night ? 0.8 : 0.58), light.haze, mix(0.5, 0, near ** 0.8));
  const ripple = (2 * Math.PI) / (unit * mix(0.008, 0.021, near));
  filling.shadePixels((x, y, out, at) => {
    const top = crest(x);
    if (y < top - 3) return;
    const below = y - top;
    let shadow = 0;
    for (const hump of humps) {
      // The ridge comes down from the summit towards us, winding; beyond it is the lee side.
      const down = y - (base - hump.tall);
      if (down < -2) continue;
      const wind =
        Math.sin(down / (unit * mix(0.05, 0.16, near)) + hump.phase) *
        unit *
        mix(0.012, 0.045, near) *
        Math.min(1, down / (unit * 0.06));
      const ridge = hump.x + (fromLeft ? 1 : -1) * (down * hump.bend * -0.7) + wind;
      const past = (fromLeft ? x - ridge : ridge - x) / (unit * mix(0.006, 0.016, near));
      const reach = hump.steep * (1.05 + (down / hump.tall) * 0.25);
      const lee = smoothstep(-0.6, 1, past) * smoothstep(reach * 1.15, reach * 0.35, Math.abs(x - ridge));
      shadow = Math.max(shadow, lee * smoothstep(hump.tall * 2.1, hump.tall * 0.5, down));
    }
    const warp =
      soft.at((x * 34) / unit + offset, (y * 60) / unit) * 9 + fine.at((x * 30) / unit, (y * 50) / unit) * 1.4;
    const lines = Math.sin((y + (fromLeft ? -1 : 1) * x * 0.22) * ripple * (1 - near * 0.2) + warp);
    const patch = soft.at((x * 20) / unit + 90, (y * 46) / unit + offset);
    const bright = clamp(
      1 -
        shadow * 0.92 +
        lines * mix(0.012, 0.05, near) * (1 - shadow * 0.4) +
        patch * 0.1 -
        smoothstep(0, unit * 0.7, below) * 0.22,
    );
    const rim = smoothstep(unit * 0.012, 0, below) * (1 - shadow) * 0.2;
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] =
        mix(dark[channel] as number, lit[channel] as number, bright) + rim * (light.glow[channel] as number);
    out[at + 3] = 255;
  });
  maskBelow(layer, filling, crest);
  return layer;
}

/** Streaks of sand that the wind carries along the ground. */
function makeBlownSand(world: World, horizon: number) {
  const { width, height, unit, light } = world;
  const random = world.random.fork('sand');
  const grains = Array.from({ length: 110 }, () => ({
    x: random.next(),
    y: random.next() ** 0.7,
    pace: random.range(0.7, 1.3),
    phase: random.range(0, 6.28),
  }));
  const strong = world.direction.weather.has('wind') || world.direction.weather.has('storm') ? 2 : 1;
  const side = light.sun.x < 0.5 ? 1 : -1;
  return (context: Layer['context'], time: number): void => {
    context.lineCap = 'round';
    for (const grain of grains) {
      const near = grain.y;
      const x = ((((grain.x + side * time * 0.09 * strong * grain.pace * (0.4 + near)) % 1) + 1) % 1) * 1.2 - 0.1;
      const y = horizon + (height - horizon) * (0.1 + 0.9 * near) + Math.sin(time * 2 + grain.phase) * unit * 0.006;
      const alpha = 0.2 * (0.5 + 0.5 * Math.sin(time * 1.3 * grain.pace + grain.phase));
      context.strokeStyle = `rgba(255, 232, 196, ${(alpha * (0.3 + 0.7 * light.brightness)).toFixed(3)})`;
      context.lineWidth = unit * 0.0016 * (0.5 + near);
      context.beginPath();
      context.moveTo(x * width, y);
      context.lineTo(x * width - side * unit * 0.035 * (0.3 + near), y + unit * 0.002);
      context.stroke();
    }
  };
}
