/** Under the sea: light falling from the surface, caustics on the sand, reefs, swaying weed, and what swims. */
import { makeCaustics } from '../caustics.ts';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { mix } from '../curves.ts';
import { halo } from '../glow.ts';
import { crestLine, makeLand } from '../land.ts';
import { makeMotes } from '../motes.ts';
import { makeBubbles, makeWeed, plantReef } from '../props/reef.ts';
import { makeJellyfish, makeShoal } from '../props/sea-life.ts';
import { makeShafts } from '../rays.ts';
import { atDepth, Layer, type SceneBuilder, type World } from '../world.ts';

export const makeUnderwater: SceneBuilder = base => {
  const water = waterColors(base);
  // Distance under water fades into the water's own blue.
  const world: World = {
    ...base,
    light: { ...base.light, haze: water.middle, lit: water.lit, glow: water.lit, body: 'none', shadow: water.deep },
  };
  const { width, height, unit, direction, random } = world;
  const backdrop = makeBackdrop(world, water).fixed(world);
  const shafts = makeShafts(random.fork('shafts'), {
    x: width * random.fork('sun').range(0.35, 0.65),
    y: -height * 0.5,
    color: water.lit,
    strength: 0.46,
    from: -0.75,
    to: 0.75,
    reach: height * 1.65,
    count: 13,
  });
  const rows = [0, 0.5, 1].map((near, row) => {
    const ground = mix(height * 0.7, height * 0.92, near);
    const crest = crestLine(world, `bed ${row}`, {
      base: ground,
      swing: unit * mix(0.05, 0.07, near),
      waves: 2.4,
      sharp: 0.15,
    });
    const bed = makeLand(world, `bed ${row}`, {
      crest,
      lit: blend(hex('#e8d8a8'), water.lit, 0.35),
      shadow: blend(hex('#5a6a6a'), water.deep, 0.6),
      distance: mix(0.66, 0.12, near),
      relief: unit * 0.1,
      contrast: 0.7,
      mist: 0,
      headroom: unit * 0.5,
    });
    plantReef(world, bed, crest, row, near);
    return { near, depth: mix(0.2, 0.9, near), bed, weed: makeWeed(world, crest, row, near) };
  });
  const caustics = makeCaustics(world, height * 0.68, water.lit);
  const shoals = [
    makeShoal(world, 0, { count: 26, size: 0.022, depth: 0.3, haze: 0.5 }),
    makeShoal(world, 1, { count: 13, size: 0.042, depth: 0.6, haze: 0.15 }),
  ];
  const jellies = direction.props.has('jellyfish') ? makeJellyfish(world) : null;
  const snow = makeMotes(world, 'plankton', {
    count: 70,
    color: water.lit,
    size: [0.0015, 0.0045],
    strength: 0.5,
    rise: 0.008,
    blink: 0.3,
  });
  const bubbles = makeBubbles(world);
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      context.drawImage(backdrop, 0, 0);
      for (const row of rows) {
        atDepth(context, world, camera, row.depth, () => {
          row.weed(context, time);
          row.bed.draw(context);
        });
        if (row.near === 0.5) {
          caustics.paint(context, moment);
          atDepth(context, world, camera, 0.3, () => shafts(context, time));
        }
        (row.near === 0 ? shoals[0] : row.near === 0.5 ? (jellies ?? shoals[1]) : null)?.paint(context, moment);
      }
      snow.paint(context, moment);
      bubbles.paint(context, moment);
    },
  };
};

interface WaterColors {
  readonly lit: Color;
  readonly middle: Color;
  readonly deep: Color;
}

function waterColors(world: World): WaterColors {
  const dim =
    world.direction.hour === 'night' || world.direction.moods.has('dark') || /deep sea/.test(world.direction.text)
      ? 0.55
      : 1;
  const tint = world.direction.colors[0];
  const colors = { lit: hex('#bff4ec'), middle: hex('#1f86b4'), deep: hex('#06264e') };
  const give = (color: Color, by: number): Color => shade(tint === undefined ? color : blend(color, tint, by), dim);
  return { lit: give(colors.lit, 0.2), middle: give(colors.middle, 0.4), deep: give(colors.deep, 0.2) };
}

function makeBackdrop(world: World, water: WaterColors): Layer {
  const { width, height } = world;
  const layer = new Layer(world, { resolution: 0.2 });
  const { context } = layer;
  const fill = context.createLinearGradient(0, -height * 0.1, 0, height);
  fill.addColorStop(0, css(blend(water.middle, water.lit, 0.62)));
  fill.addColorStop(0.3, css(blend(water.middle, water.lit, 0.14)));
  fill.addColorStop(0.68, css(blend(water.middle, water.deep, 0.4)));
  fill.addColorStop(1, css(blend(water.middle, water.deep, 0.7)));
  context.fillStyle = fill;
  context.fillRect(layer.left, layer.top, layer.width, layer.height);
  halo(context, width * 0.5, -height * 0.12, width * 0.6, water.lit, 0.8, 'screen');
  return layer;
}
