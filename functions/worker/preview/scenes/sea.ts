/** Open water under a wide sky: bare, or with a lighthouse on its rock, a boat, an island, or mountains on the far shore (a lake). */
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { smoothstep } from '../drawing/curves.ts';
import { holds } from '../reading/words.ts';
import { crestLine, makeLand, tracePalm } from './land.ts';
import { makeBoat, makeLighthouse } from './sea-props.ts';
import { makeSky } from './sky.ts';
import { makeBirds } from './sky-props.ts';
import { makeWater } from './water.ts';
import { atDepth, type Layer, type Scene, type SceneBuilder, type World } from './world.ts';

export const makeSea: SceneBuilder = world => {
  const { width, height, unit, direction, random } = world;
  const { props, weather, moods } = direction;
  const horizon = height * (props.has('lighthouse') ? 0.63 : 0.56);
  const still = props.has('mountains') || moods.has('calm');
  const roughness = weather.has('storm') ? 1.3 : still ? 0.35 : holds(direction.text, 'wave') ? 1.05 : 0.75;
  const sky = makeSky(world, horizon);
  const far = props.has('mountains') ? mountains(world, horizon) : [distantCoast(world, horizon)];
  const rock = props.has('lighthouse')
    ? lighthouseRock(world, horizon)
    : props.has('island')
      ? island(world, horizon)
      : null;
  const water = makeWater(world, horizon, { roughness });
  const birds =
    props.has('birds') || (random.fork('gulls').chance(0.4) && direction.hour !== 'night')
      ? makeBirds(world, horizon * 0.45)
      : null;
  const boat = makeBoat(world, unit * 0.24);
  const boatX = width * (world.light.sun.x > 0.5 ? 0.34 : 0.66) * (rock === null ? 1 : 0.98);
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      sky.paint(context, moment);
      for (const [index, land] of far.entries())
        atDepth(context, world, camera, 0.06 + index * 0.02, () => land.draw(context), horizon);
      birds?.paint(context, moment);
      rock?.paint(context, moment);
      if (props.has('boat')) {
        const drift = (time - 2.5) * unit * 0.012;
        atDepth(context, world, camera, 0.16, () => boat(context, boatX + drift, horizon + unit * 0.02, time), horizon);
      }
      water.paint(context, moment);
      rock?.paintFront(context, moment);
      if (props.has('boat')) {
        const drift = (time - 2.5) * unit * 0.012;
        atDepth(context, world, camera, 0.16, () => boat(context, boatX + drift, horizon + unit * 0.02, time), horizon);
      }
    },
  };
};

interface Rock extends Scene {
  /** What stands in front of the water's edge: painted again over it, so that the reflection starts at the waterline. */
  paintFront: Scene['paint'];
}

function lighthouseRock(world: World, horizon: number): Rock {
  const { width, unit, light } = world;
  const x = width * (light.sun.x > 0.5 ? 0.27 : 0.73);
  const foot = horizon + unit * 0.045;
  const reach = Math.min(width * 0.3, unit * 0.52);
  const tall = unit * 0.5;
  const rough = crestLine(world, 'rock', {
    base: 0,
    swing: unit * 0.05,
    waves: (12 * width) / unit / 1.78,
    sharp: 0.8,
  });
  const top = horizon - unit * 0.06;
  const land = makeLand(world, 'rock', {
    crest: at => {
      const away = Math.abs(at - x) / reach;
      const mound = smoothstep(1, 0.12, away) ** 0.8;
      return foot + unit * 0.02 - (foot - top + unit * 0.02) * mound + rough(at) * smoothstep(0.06, 0.35, away) * mound;
    },
    bottom: foot,
    left: x - reach * 1.08,
    right: x + reach * 1.08,
    lit: blend(hex('#8a6f5e'), light.lit, 0.3),
    shadow: blend(hex('#1c181e'), light.shadow, 0.4),
    distance: 0.06,
    relief: unit * 0.07,
    contrast: 1.9,
    craggy: true,
  });
  const tower = makeLighthouse(world, x, top + unit * 0.012, tall);
  const foam = makeFoam(world, x, foot, reach);
  const paint: Scene['paint'] = (context, { camera, time }) =>
    atDepth(
      context,
      world,
      camera,
      0.18,
      () => {
        tower.paintTower(context, time);
        land.draw(context);
        tower.paintBeams(context, time);
      },
      horizon,
    );
  return {
    paint,
    paintFront(context, moment) {
      atDepth(
        context,
        world,
        moment.camera,
        0.18,
        () => {
          land.draw(context);
          foam(context, moment.time);
        },
        horizon,
      );
    },
  };
}

/** White water that comes and goes along a shore line. */
function makeFoam(world: World, x: number, y: number, reach: number) {
  const { fine } = world.noises;
  const bright: Color = blend([255, 255, 255], world.light.sky[3], 0.45);
  const shine = 0.35 + 0.65 * world.light.brightness;
  return (context: Parameters<Scene['paint']>[0], time: number): void => {
    context.fillStyle = `rgba(${bright.map(Math.round).join(', ')}, ${(0.5 * shine).toFixed(3)})`;
    for (let strand = 0; strand < 3; strand++) {
      context.beginPath();
      const step = reach / 60;
      const base = y - world.unit * 0.004 + strand * world.unit * 0.007;
      for (let at = -reach * 1.04; at <= reach * 1.04; at += step) {
        const wave = fine.at(at * 0.12 + strand * 50, time * 3.2 + strand * 20);
        const edge = smoothstep(reach * 1.04, reach * 0.7, Math.abs(at));
        context.lineTo(x + at, base - Math.max(0, wave + 0.25) * world.unit * 0.016 * edge);
      }
      for (let at = reach * 1.04; at >= -reach * 1.04; at -= step) {
        const wave = fine.at(at * 0.1 + 90 + strand * 30, time * 2.4);
        context.lineTo(x + at, base + Math.max(0, wave + 0.1) * world.unit * 0.006);
      }
      context.fill();
    }
  };
}

function island(world: World, horizon: number): Rock {
  const { width, unit, light } = world;
  const x = width * (light.sun.x > 0.5 ? 0.26 : 0.74);
  const line = crestLine(world, 'island', { base: 0, swing: unit * 0.05, waves: 6, sharp: 0.4 });
  const crest = (at: number): number =>
    horizon + unit * 0.03 - (unit * 0.15 + line(at)) * smoothstep(unit * 0.44, 0, Math.abs(at - x));
  const land = makeLand(world, 'island', {
    crest,
    headroom: unit * 0.25,
    bottom: horizon + unit * 0.02,
    left: x - unit * 0.46,
    right: x + unit * 0.46,
    lit: blend(hex('#6d8f4e'), light.lit, 0.35),
    shadow: blend(hex('#1e3a30'), light.shadow, 0.5),
    distance: 0.12,
    relief: unit * 0.08,
    contrast: 1,
  });
  const { context: ground } = land;
  const random = world.random.fork('palms');
  ground.fillStyle = css(blend(hex('#23402a'), light.shadow, 0.4));
  ground.beginPath();
  for (let palm = 0; palm < 7; palm++) {
    const at = x + (palm - 3) * unit * 0.07 + random.range(-0.02, 0.02) * unit;
    tracePalm(ground, at, crest(at) + unit * 0.01, unit * random.range(0.13, 0.2), random.range(-0.35, 0.35), random);
  }
  ground.fill();
  const paint: Scene['paint'] = (context, { camera }) =>
    atDepth(context, world, camera, 0.16, () => land.draw(context), horizon);
  return { paint, paintFront: paint };
}

function distantCoast(world: World, horizon: number): Layer {
  const { unit, light } = world;
  const side = light.sun.x > 0.5 ? 0 : world.width;
  const line = crestLine(world, 'coast', { base: 0, swing: unit * 0.03, waves: 4, sharp: 0.3 });
  return makeLand(world, 'coast', {
    crest: x =>
      horizon + unit * 0.01 - (unit * 0.075 - line(x)) * smoothstep(world.width * 0.62, 0, Math.abs(x - side)) ** 1.4,
    bottom: horizon + 1,
    lit: blend(light.lit, light.haze, 0.4),
    shadow: blend(light.shadow, light.haze, 0.3),
    distance: 0.45,
    relief: unit * 0.14,
    contrast: 0.5,
  });
}

function mountains(world: World, horizon: number): Layer[] {
  const { unit, light } = world;
  const base: Color = light.hour === 'day' ? hex('#5d7487') : blend(light.lit, light.shadow, 0.45);
  return [0, 1, 2].map(index => {
    const near = index / 2;
    return makeLand(world, `range ${index}`, {
      crest: crestLine(world, `range ${index}`, {
        base: horizon - unit * (0.2 - 0.13 * near),
        swing: unit * (0.15 - 0.07 * near),
        waves: 2.2 + 1.6 * near,
        sharp: 0.9 - 0.4 * near,
      }),
      bottom: horizon + 1,
      lit: near > 0.8 ? blend(hex('#5f7f54'), light.lit, 0.4) : blend(base, light.lit, 0.5),
      shadow: near > 0.8 ? blend(hex('#1c3430'), light.shadow, 0.55) : shade(blend(base, light.shadow, 0.7), 0.9),
      distance: 0.52 - 0.38 * near,
      mist: 0.6 - 0.2 * near,
      foot: horizon,
      relief: unit * 0.16,
      contrast: 1.1,
      craggy: true,
      ...(near < 0.7
        ? {
            snow: {
              color: blend([250, 252, 255], light.lit, 0.35),
              shadow: blend([150, 170, 205], light.shadow, 0.3),
              line: unit * (0.15 - 0.05 * near),
            },
          }
        : {}),
    });
  });
}
