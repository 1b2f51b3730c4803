/** Deep space: a nebula in three drifting depths, stars, and a planet. */

import { createCanvas, ImageData } from '@napi-rs/canvas';
import { blend, type Color, css, hex, ramp, saturate, shade } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { halo, makeStars } from '../drawing/lights.ts';
import { makeSkyProps } from './sky-props.ts';
import { atDepth, Layer, type Scene, type SceneBuilder, type World } from './world.ts';

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

// A banded planet with air at its edge, and rings for some; its surface turns slowly.

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
