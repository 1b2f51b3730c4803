/** A steam train crossing a stone viaduct. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, Layer, type Scene, type World } from '../world.ts';

const DEPTH = 0.45;
const CARS = 5;

/** The rails run at `y` pixels from the top. */
export function makeTrain(world: World, y: number): Scene {
  const { width, unit, light } = world;
  const viaduct = makeViaduct(world, y);
  const ambient = 0.4 + 0.6 * light.brightness;
  const tone = (color: Color): Color => blend(blend(shade(color, ambient), light.lit, 0.16), light.haze, 0.08);
  const car = unit * 0.115;
  const heading = light.sun.x > 0.5 ? 1 : -1;
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, DEPTH, () => {
        const front = width * (heading > 0 ? 0.36 : 0.64) + heading * time * unit * 0.085;
        for (let puff = 15; puff >= 0; puff--) {
          const age = ((puff + time * 3.2) % 16) / 16;
          const px = front - heading * (car * 0.22 + age * unit * 0.48);
          halo(
            context,
            px,
            y - car * (0.62 + age * 1.25) + Math.sin(puff * 2.4) * car * 0.1,
            car * (0.14 + 0.62 * age),
            blend(light.lit, [255, 255, 255], 0.55),
            0.5 * (1 - age) ** 1.4,
            'source-over',
          );
        }
        viaduct.draw(context);
        context.save();
        context.translate(front, y);
        context.scale(heading * car, car);
        drawEngine(context, tone);
        for (let index = 1; index <= CARS; index++)
          drawCar(context, -1.12 - (index - 1) * 1.04, tone, light.brightness);
        context.restore();
        halo(
          context,
          front + heading * car * 0.03,
          y - car * 0.26,
          car * 0.7,
          [255, 230, 170],
          0.6 * (1.2 - light.brightness),
          'lighter',
        );
      });
    },
  };
}

function drawEngine(context: SKRSContext2D, tone: (color: Color) => Color): void {
  const boiler = context.createLinearGradient(0, -0.44, 0, -0.08);
  boiler.addColorStop(0, css(tone(hex('#6a7078'))));
  boiler.addColorStop(0.35, css(tone(hex('#3a3f47'))));
  boiler.addColorStop(1, css(tone(hex('#14161b'))));
  context.fillStyle = boiler;
  context.beginPath();
  context.roundRect(-0.72, -0.42, 0.74, 0.3, 0.07);
  context.rect(-0.98, -0.56, 0.32, 0.46);
  context.rect(-0.16, -0.62, 0.1, 0.22);
  context.rect(-0.4, -0.5, 0.09, 0.1);
  context.fill();
  context.fillStyle = css(tone(hex('#b3332b')));
  context.fillRect(-1.0, -0.6, 0.36, 0.05);
  context.fillRect(-0.98, -0.13, 1.02, 0.05);
  context.fillStyle = css(tone(hex('#16181d')));
  context.beginPath();
  for (const [x, r] of [
    [-0.86, 0.085],
    [-0.62, 0.1],
    [-0.38, 0.1],
    [-0.12, 0.07],
  ] as const) {
    context.moveTo(x + r, -r);
    context.arc(x, -r, r, 0, Math.PI * 2);
  }
  context.fill();
}

function drawCar(context: SKRSContext2D, front: number, tone: (color: Color) => Color, brightness: number): void {
  const side = context.createLinearGradient(0, -0.46, 0, -0.08);
  side.addColorStop(0, css(tone(hex('#a8463a'))));
  side.addColorStop(1, css(tone(hex('#5e1f22'))));
  context.fillStyle = side;
  context.beginPath();
  context.roundRect(front - 0.98, -0.44, 0.98, 0.34, 0.03);
  context.fill();
  context.fillStyle = css(tone(hex('#33292b')));
  context.fillRect(front - 1.0, -0.48, 1.02, 0.055);
  context.fillStyle = css(blend(tone(hex('#9fc0d8')), [255, 214, 132], 1.1 - brightness));
  for (let window = 0; window < 6; window++) context.fillRect(front - 0.92 + window * 0.15, -0.36, 0.1, 0.12);
  context.fillStyle = css(tone(hex('#16181d')));
  context.beginPath();
  for (const x of [-0.82, -0.68, -0.3, -0.16]) {
    context.moveTo(front + x + 0.06, -0.06);
    context.arc(front + x, -0.06, 0.06, 0, Math.PI * 2);
  }
  context.fill();
}

function makeViaduct(world: World, y: number): Layer {
  const { unit, height, light } = world;
  const layer = new Layer(world, { top: y - unit * 0.01, bottom: height * 1.1 });
  const { context } = layer;
  const stone = blend(hex('#a08c78'), light.lit, 0.3);
  const dark = blend(hex('#3b3236'), light.shadow, 0.55);
  const fill = context.createLinearGradient(0, y, 0, y + unit * 0.42);
  fill.addColorStop(0, css(blend(stone, light.haze, 0.12)));
  fill.addColorStop(0.3, css(blend(blend(stone, dark, 0.4), light.haze, 0.15)));
  fill.addColorStop(1, css(blend(dark, light.haze, 0.45)));
  context.fillStyle = fill;
  const span = unit * 0.15;
  context.beginPath();
  context.rect(layer.left, y, layer.width, unit * 0.5);
  for (let x = layer.left; x < layer.left + layer.width; x += span) {
    const half = span * 0.38;
    const middle = x + span / 2;
    context.moveTo(middle - half, y + unit * 0.5);
    context.lineTo(middle - half, y + span * 0.62);
    context.arc(middle, y + span * 0.62, half, Math.PI, 0);
    context.lineTo(middle + half, y + unit * 0.5);
    context.closePath();
  }
  context.fill('evenodd');
  context.fillStyle = css(shade(stone, 1.08));
  context.fillRect(layer.left, y - unit * 0.004, layer.width, unit * 0.009);
  return layer;
}
