/** A quiet table at night: candles whose flames waver, a cup if asked for, and the room behind as soft discs of light. */
import { blend, type Color, css, hex, shade } from '../color.ts';
import { mix } from '../curves.ts';
import { halo } from '../glow.ts';
import { makeMotes } from '../motes.ts';
import { makeCandle } from '../props/candle.ts';
import { makeCup } from '../props/cup.ts';
import { atDepth, Layer, type Scene, type SceneBuilder, type World } from '../world.ts';

const LIGHTS: readonly [Color, ...Color[]] = [
  hex('#ffb35a'),
  hex('#ffd08a'),
  hex('#ff8a4a'),
  hex('#ffe4b8'),
  hex('#f2705a'),
];

export const makeInterior: SceneBuilder = world => {
  const { width, height, unit, direction, random } = world;
  const table = height * 0.76;
  const backdrop = makeRoom(world).fixed(world);
  const far = makeBokeh(world, 'far', { count: 30, size: [0.025, 0.06], depth: 0.15, strength: 0.5 });
  const near = makeBokeh(world, 'near', { count: 16, size: [0.06, 0.13], depth: 0.3, strength: 0.34 });
  const wood = makeTable(world, table);
  const wantsCup = direction.props.has('cup');
  const left = random.fork('table').chance(0.5);
  const candles = (
    wantsCup
      ? [{ x: left ? 0.7 : 0.3, tall: 0.2, back: 0.05 }]
      : [
          { x: 0.5, tall: 0.34, back: 0 },
          { x: 0.36, tall: 0.22, back: 0.035 },
          { x: 0.635, tall: 0.16, back: 0.05 },
        ]
  ).map(({ x, tall, back }) =>
    makeCandle(world, width / 2 + (x - 0.5) * Math.min(width, unit * 1.78), table + unit * (0.16 - back), unit * tall),
  );
  const cup = wantsCup
    ? makeCup(
        world,
        width / 2 + ((left ? 0.42 : 0.58) - 0.5) * Math.min(width, unit * 1.4),
        table + unit * 0.17,
        unit * 0.2,
      )
    : null;
  const dust = makeMotes(world, 'dust', {
    count: 26,
    color: [255, 205, 140],
    size: [0.0015, 0.004],
    strength: 0.55,
    rise: 0.012,
    blink: 0.5,
  });
  return {
    paint(context, moment) {
      const { camera } = moment;
      context.drawImage(backdrop, 0, 0);
      far.paint(context, moment);
      near.paint(context, moment);
      atDepth(context, world, camera, 0.6, () => wood.draw(context), table);
      for (const candle of candles.toReversed()) candle.paint(context, moment);
      cup?.paint(context, moment);
      dust.paint(context, moment);
    },
  };
};

function makeRoom(world: World): Layer {
  const { width, height, light, direction } = world;
  const layer = new Layer(world, { resolution: 0.2 });
  const { context } = layer;
  const tint: Color = direction.colors[0] ?? hex('#7a4a2c');
  const fill = context.createLinearGradient(0, 0, 0, height);
  fill.addColorStop(0, css(shade(blend(tint, light.shadow, 0.7), 0.5)));
  fill.addColorStop(0.7, css(shade(blend(tint, light.shadow, 0.35), 0.62)));
  fill.addColorStop(1, css(shade(tint, 0.3)));
  context.fillStyle = fill;
  context.fillRect(layer.left, layer.top, layer.width, layer.height);
  halo(context, width * 0.5, height * 0.6, width * 0.5, [255, 168, 92], 0.4, 'screen');
  return layer;
}

/** Lamps far out of focus: flat discs with a brighter rim, as a lens makes them. */
function makeBokeh(
  world: World,
  name: string,
  kind: { count: number; size: readonly [number, number]; depth: number; strength: number },
): Scene {
  const { width, height, unit, direction } = world;
  const random = world.random.fork(`bokeh ${name}`);
  const colors = direction.colors.length > 0 ? [...direction.colors, ...LIGHTS.slice(0, 2)] : LIGHTS;
  const discs = Array.from({ length: kind.count }, () => ({
    x: random.range(-0.08, 1.08) * width,
    y: random.next() ** 0.8 * height * 0.78,
    r: unit * random.range(...kind.size),
    color: random.pick(colors as unknown as readonly [Color, ...Color[]]),
    phase: random.range(0, 6.28),
    speed: random.range(0.4, 1.4),
    strength: kind.strength * random.range(0.35, 1),
  }));
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, kind.depth, () => {
        context.save();
        context.globalCompositeOperation = 'screen';
        for (const disc of discs) {
          const glow = disc.strength * (0.75 + 0.25 * Math.sin(time * disc.speed + disc.phase));
          const x = disc.x + Math.sin(time * 0.2 + disc.phase) * unit * 0.008;
          const fill = context.createRadialGradient(x, disc.y, 0, x, disc.y, disc.r);
          fill.addColorStop(0, css(disc.color, glow * 0.55));
          fill.addColorStop(0.84, css(disc.color, glow * 0.72));
          fill.addColorStop(0.93, css(blend(disc.color, [255, 255, 255], 0.25), glow));
          fill.addColorStop(1, css(disc.color, 0));
          context.fillStyle = fill;
          context.fillRect(x - disc.r, disc.y - disc.r, disc.r * 2, disc.r * 2);
        }
        context.restore();
      });
    },
  };
}

function makeTable(world: World, top: number): Layer {
  const { unit, noises, width, height } = world;
  const layer = new Layer(world, { top: top - unit * 0.004, resolution: 0.6 });
  const offset = world.random.fork('wood').range(0, 256);
  const dark: Color = [24, 12, 8];
  const bright: Color = [150, 84, 44];
  layer.shadePixels((x, y, out, at) => {
    const near = (y - top) / (height - top);
    const away = 1 / (0.5 + near);
    const u = ((x - width / 2) / unit) * away;
    const grain =
      noises.soft.at(u * 7 + offset, away * 60 + offset) * 0.6 +
      noises.fine.at(u * 9 + noises.soft.at(u * 8, away * 50) * 5, away * 210) * 0.55;
    const plank = Math.abs(((((away * 5.2 + offset) % 1) + 1) % 1) - 0.5) > 0.488 ? 0.35 : 1;
    const pool = Math.exp(-((u * 1.7) ** 2) - ((near - 0.3) * 1.5) ** 2);
    const share = (0.08 + 0.74 * pool) * (0.72 + grain * 0.36) * plank;
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] = mix(dark[channel] as number, bright[channel] as number, share);
    out[at + 3] = 255 * Math.min(1, Math.max(0, (y - top + 1.2) / 2.4));
  });
  return layer;
}
