/** Deep space: a nebula in three drifting depths, stars, and a planet. */
import { blend, type Color, hex, ramp, saturate, shade } from '../color.ts';
import { clamp, smoothstep } from '../curves.ts';
import { makePlanet } from '../props/planet.ts';
import { makeSkyProps } from '../props/sky-props.ts';
import { makeStars } from '../stars.ts';
import { atDepth, Layer, type Scene, type SceneBuilder, type World } from '../world.ts';

const SCHEMES: readonly [readonly string[], ...(readonly string[])[]] = [
  ['#04030d', '#1a1046', '#5b2a86', '#d8558f', '#ffc48a'],
  ['#02060f', '#08223f', '#0f5f7a', '#4fc0b0', '#fff0c0'],
  ['#060410', '#241152', '#3f49b0', '#5fb4f0', '#f4e8ff'],
  ['#080306', '#3a0f24', '#96352f', '#f08a4a', '#ffe9b8'],
];

export const makeSpace: SceneBuilder = world => {
  const { height, direction, random } = world;
  const scheme = random.fork('scheme').pick(SCHEMES).map(hex);
  const named = direction.colors;
  const colors: Color[] =
    named.length === 0
      ? scheme
      : [
          [4, 4, 12],
          shade(named[0] as Color, 0.38),
          shade(named[0] as Color, 0.75),
          named[1] ?? saturate(named[0] as Color, 1.1),
          blend(named[2] ?? named[1] ?? (named[0] as Color), [255, 255, 255], 0.55),
        ];
  const far = makeNebula(world, colors, { scale: 0.9, strength: 1, offset: 0, opaque: true }).fixed(world);
  const near = makeNebula(world, colors, { scale: 1.5, strength: 0.75, offset: 111, opaque: false });
  const stars = [
    makeStars(world, height * 3, 0.06, 1.5),
    makeStars({ ...world, random: random.fork('near stars') }, height * 3, 0.2, 0.35),
  ];
  const planet = direction.props.has('planet') || random.fork('planet').chance(0.6) ? makePlanet(world, colors) : null;
  const passing = direction.props.has('meteor')
    ? makeSkyProps({ ...world, direction: { ...direction, props: new Set(['meteor']) } }, height)
    : null;
  const scenes: (Scene | null)[] = [...stars, planet, passing];
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      context.drawImage(far, 0, 0);
      atDepth(context, world, camera, 0.12, () => {
        context.save();
        context.globalCompositeOperation = 'screen';
        near.draw(context, Math.sin(time * 0.07 + 1) * world.width * 0.025, Math.cos(time * 0.06) * height * 0.012);
        context.restore();
      });
      for (const scene of scenes) scene?.paint(context, moment);
    },
  };
};

/** Gas as noise bent by noise, dark where another cloud hangs in front of it. */
function makeNebula(
  world: World,
  colors: readonly Color[],
  kind: { scale: number; strength: number; offset: number; opaque: boolean },
): Layer {
  const { unit, width, height, noises, random } = world;
  const layer = new Layer(world, { resolution: 0.4 });
  const table = ramp(colors, 256);
  const shift = random.fork(`nebula ${kind.offset}`).range(0, 256);
  const texel = (105 / unit) * kind.scale * 0.6;
  const tilt = random.fork('band').range(-0.6, 0.6);
  layer.shadePixels((x, y, out, at) => {
    const u = x * texel + shift;
    const v = y * texel + shift * 0.7;
    const bendU = noises.soft.at(u * 0.5 + 11, v * 0.5) * 26;
    const bendV = noises.soft.at(u * 0.5 + 70, v * 0.5 + 45) * 26;
    const gas = noises.soft.at(u + bendU, v + bendV) * 0.75 + noises.fine.at(u * 0.8 + bendU, v * 0.8 + bendV) * 0.3;
    const dust = noises.soft.at(u * 1.3 - bendV + 90, v * 1.3 + bendU + 90);
    const across = (y - height * 0.5) / height - ((x - width * 0.5) / width) * tilt;
    const band = Math.exp(-across * across * 7);
    const glow = clamp((0.34 + gas * 0.72) * (0.35 + 0.85 * band) - smoothstep(0.05, 0.6, dust) * 0.3) * kind.strength;
    const step = Math.round(clamp(glow * (kind.opaque ? 1.05 : 0.8)) ** 1.25 * 255) * 3;
    out[at] = table[step] as number;
    out[at + 1] = table[step + 1] as number;
    out[at + 2] = table[step + 2] as number;
    out[at + 3] = 255;
  });
  return layer;
}
