/** Among trees: rows of trunks fading into bright haze, leaves overhead, shafts of light and what drifts in them. */

import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { mix, smoothstep } from '../drawing/curves.ts';
import { halo, makeMotes, makeShafts, makeStars } from '../drawing/lights.ts';
import type { Random } from '../drawing/random.ts';
import { makeCanopy } from './canopy.ts';
import { crestLine, makeLand } from './land.ts';
import { makeMistBand } from './sky.ts';
import { makeBirds } from './sky-props.ts';
import { atDepth, Layer, type SceneBuilder, type World } from './world.ts';

const ROWS = 4;

export const makeForest: SceneBuilder = world => {
  const { width, height, unit, light, direction } = world;
  const { props, weather, text } = direction;
  const night = light.hour === 'night';
  const autumn = /autumn|fall |october/.test(text);
  const bamboo = /bamboo|竹/.test(text);
  const leaf = {
    lit: blend(autumn ? hex('#f0902c') : hex('#9cc84a'), light.lit, 0.25),
    dark: blend(autumn ? hex('#6a2614') : hex('#14361f'), light.shadow, night ? 0.7 : 0.3),
  };
  const glowY = height * 0.34;
  const backdrop = makeBackdrop(world, leaf.lit, glowY).fixed(world);
  const stars = night ? makeStars(world, height * 0.8) : null;
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const near = row / (ROWS - 1);
    const depth = mix(0.16, 0.85, near);
    const ground = mix(height * 0.7, height * 0.93, near ** 1.2);
    const crest = crestLine(world, `floor ${row}`, { base: ground, swing: unit * 0.045, waves: 2.5, sharp: 0.1 });
    const trunks = drawTrunks(world, row, near, crest, bamboo);
    const floor = makeLand(world, `floor ${row}`, {
      crest,
      lit: blend(leaf.lit, hex('#5a5a2c'), 0.45),
      shadow: leaf.dark,
      distance: mix(0.55, 0, near),
      relief: unit * 0.09,
      contrast: 1.3,
    });
    // Trunks and floor never move against each other: one picture.
    floor.draw(trunks.context);
    const crown = makeCanopy(world, `crown ${row}`, {
      cover: (x, y) =>
        0.78 -
        (y / height) * mix(3.6, 3.1, near) +
        Math.abs(x / width - 0.5) ** 2 * mix(2.2, 4.2, near) -
        mix(0.05, 0.2, near),
      kinds: [{ lit: blend(leaf.lit, leaf.dark, near * 0.45), dark: leaf.dark }],
      distance: mix(0.5, 0, near ** 0.7),
      clump: unit * mix(0.09, 0.2, near),
      bottom: height * mix(0.36, 0.62, near),
    });
    const brush = makeCanopy(world, `brush ${row}`, {
      cover: (x, y) =>
        -0.5 +
        smoothstep(crest(x) - unit * mix(0.03, 0.1, near), crest(x) + unit * 0.06, y) * 0.85 +
        Math.abs(x / width - 0.5) * 0.5 * near,
      kinds: [{ lit: blend(leaf.lit, leaf.dark, 0.25 + near * 0.35), dark: leaf.dark }],
      distance: mix(0.5, 0, near ** 0.7),
      clump: unit * mix(0.05, 0.1, near),
      top: ground - unit * mix(0.1, 0.24, near),
      ...(near < 1 ? { bottom: ground + unit * 0.3 } : {}),
    });
    const mist =
      near < 1
        ? makeMistBand(
            world,
            `forest mist ${row}`,
            ground - unit * 0.02,
            unit * 0.2,
            (weather.has('fog') ? 1 : 0.6) * (1 - near * 0.7),
            depth,
          )
        : null;
    return { depth, near, trunks, crown, brush, mist, phase: row * 1.7 };
  });
  const shafts = makeShafts(world.random.fork('shafts'), {
    x: light.sun.x * width,
    y: -height * 0.22,
    color: blend(light.glow, [255, 255, 255], 0.2),
    strength: night ? 0.22 : weather.has('rain') ? 0.14 : 0.62,
    from: light.sun.x > 0.5 ? -0.85 : -0.2,
    to: light.sun.x > 0.5 ? 0.2 : 0.85,
    reach: height * 1.25,
    count: 9,
  });
  const fireflies = props.has('fireflies') || night;
  const air = makeMotes(
    world,
    'air',
    fireflies
      ? {
          count: 46,
          color: [214, 255, 120],
          size: [0.006, 0.014],
          strength: 0.95,
          rise: 0.01,
          blink: 0.9,
          band: [0.35, 1],
        }
      : { count: 60, color: light.glow, size: [0.002, 0.006], strength: 0.6, rise: 0.012, blink: 0.5 },
  );
  const birds = props.has('birds') ? makeBirds(world, height * 0.3) : null;
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      context.drawImage(backdrop, 0, 0);
      stars?.paint(context, moment);
      if (night)
        atDepth(context, world, camera, 0.05, () =>
          halo(context, light.sun.x * width, height * 0.2, unit * 0.5, light.glow, 0.5, 'screen'),
        );
      birds?.paint(context, moment);
      for (const row of rows) {
        const sway =
          Math.sin(time * 0.8 + row.phase) * unit * 0.003 * (0.5 + row.near) * (weather.has('wind') ? 2.5 : 1);
        atDepth(context, world, camera, row.depth, () => {
          row.trunks.draw(context);
          row.crown.draw(context, sway, Math.cos(time * 0.6 + row.phase) * unit * 0.0015);
          row.brush.draw(context, sway * 0.5);
        });
        row.mist?.paint(context, moment);
        if (row.near > 0.5 && row.near < 0.8) atDepth(context, world, camera, 0.3, () => shafts(context, time));
      }
      air.paint(context, moment);
    },
  };
};

/** What shines between the trees. */
function makeBackdrop(world: World, leaf: Color, glowY: number): Layer {
  const { light, width, height } = world;
  const layer = new Layer(world, { resolution: 0.2 });
  const { context } = layer;
  const night = light.hour === 'night';
  const top = night ? light.sky[1] : blend(light.haze, leaf, 0.45);
  const fill = context.createLinearGradient(0, 0, 0, height);
  fill.addColorStop(0, css(shade(top, night ? 0.9 : 0.86)));
  fill.addColorStop(0.5, css(night ? light.sky[2] : blend(light.haze, light.glow, 0.4)));
  fill.addColorStop(1, css(blend(light.haze, leaf, 0.4)));
  context.fillStyle = fill;
  context.fillRect(layer.left, layer.top, layer.width, layer.height);
  halo(context, light.sun.x * width, glowY, width * 0.5, light.glow, night ? 0.3 : 0.85, 'screen');
  return layer;
}

// A row of tree trunks from the ground up out of sight, each lit from one side and roughened by bark; or canes of bamboo.

/** `near` 0 is the far row, 1 the front one; trunks stand on the line `crest`. */
export function drawTrunks(
  world: World,
  row: number,
  near: number,
  crest: (x: number) => number,
  bamboo: boolean,
): Layer {
  const { light, width, unit } = world;
  const random = world.random.fork(`trunks ${row}`);
  const layer = new Layer(world);
  const distance = mix(0.62, 0, near ** 0.75);
  const count = Math.round(mix(bamboo ? 46 : 24, bamboo ? 11 : 5, near ** 0.7) * (layer.width / unit / 2.27));
  const bark: Color = bamboo ? hex('#7fa04a') : hex('#6a4a36');
  for (let trunk = 0; trunk < count; trunk++) {
    let place = (trunk + random.range(0.1, 0.9)) / count;
    // The nearest trunks stand aside, to look between.
    if (near > 0.6) place = place < 0.5 ? place * 0.72 : 1 - (1 - place) * 0.72;
    const x = layer.left + place * layer.width;
    const thick = unit * mix(0.016, 0.085, near ** 1.4) * random.range(0.65, 1.25) * (bamboo ? 0.42 : 1);
    const lean = random.range(-0.04, 0.04);
    const fromLeft = light.sun.x * width < x;
    const side = blend(blend(bark, light.lit, 0.4), light.haze, distance);
    const dark = blend(shade(blend(bark, light.shadow, 0.72), 0.75), light.haze, distance);
    drawTrunk(
      layer,
      x,
      crest(x) + unit * 0.01,
      thick,
      lean,
      fromLeft ? side : dark,
      fromLeft ? dark : side,
      random,
      bamboo,
      near,
    );
  }
  return layer;
}

function drawTrunk(
  layer: Layer,
  x: number,
  foot: number,
  thick: number,
  lean: number,
  left: Color,
  right: Color,
  random: Random,
  bamboo: boolean,
  near: number,
): void {
  const { context, top } = layer;
  const tall = foot - top;
  const topX = x + lean * tall;
  const flare = bamboo ? 1 : 1.7;
  const fill = context.createLinearGradient(x - thick, 0, x + thick, 0);
  fill.addColorStop(0, css(blend(left, right, 0.25)));
  fill.addColorStop(0.28, css(left));
  fill.addColorStop(0.7, css(blend(left, right, 0.85)));
  fill.addColorStop(1, css(right));
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(x - thick * flare, foot + thick * 0.3);
  context.quadraticCurveTo(x - thick * 0.95, foot - thick * 1.6, x - thick * 0.86, foot - thick * 4);
  context.lineTo(topX - thick * 0.6, top);
  context.lineTo(topX + thick * 0.6, top);
  context.lineTo(x + thick * 0.86, foot - thick * 4);
  context.quadraticCurveTo(x + thick * 0.95, foot - thick * 1.6, x + thick * flare, foot + thick * 0.3);
  context.fill();
  context.strokeStyle = css(shade(right, 0.75), 0.5);
  if (bamboo) {
    context.lineWidth = Math.max(1, thick * 0.16);
    for (let y = foot - thick * random.range(2, 6); y > top; y -= thick * 8) {
      const cx = x + lean * (foot - y);
      context.beginPath();
      context.moveTo(cx - thick * 0.85, y);
      context.quadraticCurveTo(cx, y + thick * 0.3, cx + thick * 0.85, y);
      context.stroke();
    }
    return;
  }
  context.lineWidth = Math.max(0.6, thick * 0.06);
  context.beginPath();
  for (let crack = 0; crack < (near > 0.5 ? 46 : near > 0.2 ? 14 : 0); crack++) {
    const along = random.next();
    const cx = x + lean * tall * along + thick * random.range(-0.78, 0.78) * (1 - along * 0.3);
    const y = foot - tall * along;
    context.moveTo(cx, y);
    context.quadraticCurveTo(
      cx + random.range(-0.1, 0.1) * thick,
      y + thick * 0.5,
      cx + random.range(-0.08, 0.08) * thick,
      y + thick * random.range(0.7, 1.9),
    );
  }
  context.stroke();
  for (let branch = 0; branch < 3; branch++) {
    const along = random.range(0.4, 0.9);
    const side = random.chance(0.5) ? 1 : -1;
    const bx = x + lean * tall * along + side * thick * 0.4;
    const by = foot - tall * along;
    const long = thick * random.range(2.5, 5);
    const rise = long * random.range(0.35, 0.7);
    context.fillStyle = css(side < 0 ? blend(left, right, 0.45) : right);
    context.beginPath();
    context.moveTo(bx, by + thick * 0.16);
    context.quadraticCurveTo(bx + side * long * 0.45, by - rise * 0.15, bx + side * long, by - rise);
    context.quadraticCurveTo(bx + side * long * 0.4, by - rise * 0.32, bx, by - thick * 0.14);
    context.fill();
  }
}
