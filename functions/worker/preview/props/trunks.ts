/** A row of tree trunks from the ground up out of sight, each lit from one side and roughened by bark; or canes of bamboo. */
import { blend, type Color, css, hex, shade } from '../color.ts';
import { mix } from '../curves.ts';
import type { Random } from '../random.ts';
import { Layer, type World } from '../world.ts';

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
