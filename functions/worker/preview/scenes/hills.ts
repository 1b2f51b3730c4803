/** Ranges of mountains behind wooded hills, mist between them; in winter the same land under snow. */
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { mix, smoothstep } from '../drawing/curves.ts';
import { crestLine, makeLand, peakLine, traceConifer, traceLeafy } from './land.ts';
import { makeCabin } from './land-props.ts';
import { makeMistBand, makeSky } from './sky.ts';
import { makeSkyProps } from './sky-props.ts';
import { atDepth, type Layer, type Scene, type SceneBuilder, type World } from './world.ts';

interface Range {
  readonly layer: Layer;
  readonly depth: number;
  readonly mist: Scene | null;
  readonly after?: Scene;
}

export const makeHills: SceneBuilder = world => buildHills(world, false);
export const makeWinter: SceneBuilder = world => buildHills(world, true);

function buildHills(world: World, winter: boolean): Scene {
  const { height } = world;
  const horizon = height * 0.68;
  const sky = makeSky(world, horizon);
  const skyLights = makeSkyProps(world, horizon, 'far');
  const skyProps = makeSkyProps(world, horizon, 'near');
  const ranges = [...mountainRanges(world, horizon, winter), ...woodedHills(world, horizon, winter)];
  return {
    paint(context, moment) {
      sky.paint(context, moment);
      skyLights.paint(context, moment);
      for (const [index, { layer, depth, mist, after }] of ranges.entries()) {
        // Behind the wooded hills, in front of the mountains.
        if (index === 2) skyProps.paint(context, moment);
        atDepth(context, world, moment.camera, depth, () => layer.draw(context), horizon);
        after?.paint(context, moment);
        mist?.paint(context, moment);
      }
    },
  };
}

function mountainRanges(world: World, horizon: number, winter: boolean): Range[] {
  const { unit, height, light } = world;
  const misty = mistiness(world);
  const stone: Color = light.hour === 'day' ? hex('#7d8fa3') : blend(light.lit, light.shadow, 0.25);
  return [0, 1].map(index => {
    const base = horizon - unit * (0.1 - 0.1 * index);
    const layer = makeLand(world, `mountain ${index}`, {
      crest: peakLine(world, `mountain ${index}`, {
        base,
        tall: unit * (0.34 - 0.08 * index),
        peaks: 4 + 2 * index,
        rough: unit * 0.024,
      }),
      bottom: horizon + height * 0.1,
      lit: blend(stone, light.lit, 0.55),
      shadow: blend(shade(stone, 0.5), light.shadow, 0.65),
      distance: 0.46 - 0.2 * index,
      mist: 0.7,
      foot: horizon + unit * 0.06,
      relief: unit * 0.1,
      contrast: 1.7,
      craggy: true,
      snow: {
        color: blend([252, 252, 255], light.lit, 0.3),
        shadow: blend(hex('#8ea6cc'), light.shadow, 0.35),
        line: unit * (winter ? 0.4 : 0.13 - 0.03 * index),
      },
    });
    return {
      layer,
      depth: 0.08 + 0.07 * index,
      mist: makeMistBand(
        world,
        `mist ${index}`,
        horizon - unit * (0.06 - 0.08 * index),
        unit * 0.1,
        misty * 0.6,
        0.1 + 0.08 * index,
      ),
    };
  });
}

function woodedHills(world: World, horizon: number, winter: boolean): Range[] {
  const { height, unit, light, direction } = world;
  const misty = mistiness(world);
  const autumn = /autumn|fall|october/.test(direction.text);
  const green: Color = winter ? hex('#dfe8f4') : autumn ? hex('#b8862f') : hex('#5f8a3e');
  const dark: Color = winter ? hex('#7f98bd') : autumn ? hex('#5a2f1c') : hex('#173626');
  const depths = [0.26, 0.42, 0.62, 0.88];
  return depths.map((depth, index) => {
    const near = index / (depths.length - 1);
    const base = mix(horizon + unit * 0.03, height * 1.0, near ** 1.25);
    const crest = crestLine(world, `hill ${index}`, {
      base,
      swing: unit * mix(0.07, 0.13, near),
      waves: mix(5, 2.6, near),
      sharp: 0.12,
    });
    const layer = makeLand(world, `hill ${index}`, {
      crest,
      lit: blend(green, light.lit, winter ? 0.35 : 0.42),
      shadow: blend(dark, light.shadow, 0.6),
      headroom: unit * 0.34,
      distance: mix(0.4, 0, near ** 0.6),
      mist: mix(0.55, 0, near) * misty,
      foot: base + unit * 0.25,
      relief: unit * mix(0.1, 0.2, near),
      contrast: winter ? 0.8 : 1.3,
    });
    plant(world, layer, crest, index, near, winter, autumn);
    const cabin = index === 2 && (direction.props.has('cabin') || winter) ? makeCabin(world, crest, depth) : null;
    const mist =
      near < 0.9
        ? makeMistBand(
            world,
            `hill mist ${index}`,
            base + unit * 0.06,
            unit * mix(0.1, 0.16, near),
            mix(0.6, 0.2, near) * misty,
            depth,
          )
        : null;
    return { layer, depth, mist, ...(cabin === null ? {} : { after: cabin }) };
  });
}

/** Woods along and below a crest: dense and tiny far away, single trees in front. */
function plant(
  world: World,
  layer: Layer,
  crest: (x: number) => number,
  index: number,
  near: number,
  winter: boolean,
  autumn: boolean,
): void {
  const { unit, light, width } = world;
  const random = world.random.fork(`wood ${index}`);
  const { context } = layer;
  context.globalCompositeOperation = 'source-over';
  const distance = mix(0.46, 0.0, near ** 0.7);
  const needle: Color = blend(winter ? hex('#2c4154') : autumn ? hex('#7a3a1c') : hex('#16321f'), light.shadow, 0.5);
  const count = Math.round(mix(190, 26, near ** 0.6) * (width / unit / 1.78));
  const tall = unit * mix(0.028, 0.26, near ** 1.5);
  const clump = random.range(0, 256);
  const rows = near > 0.9 ? 1 : 3;
  for (let row = 0; row < rows; row++) {
    const color = blend(
      blend(needle, blend(needle, light.lit, 0.35), 0.35 - row * 0.15),
      light.haze,
      distance * (1 - row * 0.12),
    );
    context.fillStyle = css(color);
    context.beginPath();
    for (let tree = 0; tree < count / rows; tree++) {
      const place = near > 0.9 ? edgeHeavy(random.next()) : random.next();
      const x = layer.left + place * layer.width;
      const thick = world.noises.soft.at(x * (180 / width) + clump, row * 30 + clump);
      if (near <= 0.9 && thick < -0.18) continue;
      const size = tall * random.range(0.6, 1.15);
      const foot = crest(x) + size * 0.1 + row * unit * mix(0.012, 0.05, near);
      if (autumn && near > 0.3 && random.chance(0.6)) traceLeafy(context, x, foot, size * 0.8, random);
      else traceConifer(context, x, foot, size, random);
    }
    context.fill();
  }
}

/** Places in the frame's outer thirds more often than in its middle, which stays open to look through. */
function edgeHeavy(place: number): number {
  return place < 0.5 ? smoothstep(0, 1, place) * 0.62 : 1 - smoothstep(0, 1, 1 - place) * 0.62;
}

/** How much of the valleys the mist fills: thin by day, thick when asked for. */
function mistiness(world: World): number {
  const { weather } = world.direction;
  if (weather.has('fog')) return 1.25;
  return world.light.hour === 'day' || weather.has('clear') ? 0.5 : 0.8;
}
