/** A sailing boat that rides the swell. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import type { World } from '../world.ts';

/** Draws the boat with its waterline at `x`, `y` pixels; `size` is the mast's height in pixels. */
export function makeBoat(
  world: World,
  size: number,
): (context: SKRSContext2D, x: number, y: number, time: number) => void {
  const { light } = world;
  const random = world.random.fork('boat');
  const facing = random.chance(0.5) ? 1 : -1;
  const ambient = 0.4 + 0.6 * light.brightness;
  const tone = (color: Color): Color => blend(shade(color, ambient), light.lit, 0.28);
  const canvasColor = tone(random.pick([hex('#fbf3e4'), hex('#f7e8d0'), hex('#e9ddd6')]));
  const hull = tone(random.pick([hex('#7a3b2a'), hex('#23364f'), hex('#8d2f2f'), hex('#e8e2d8')]));
  const dark = blend(shade(hull, 0.55), light.shadow, 0.4);
  return (context, x, y, time) => {
    context.save();
    context.translate(x, y + Math.sin(time * 1.3) * size * 0.016);
    context.rotate(Math.sin(time * 0.9 + 1) * 0.035);
    context.scale(facing * size, size);
    context.strokeStyle = css(blend(hex('#3b2a20'), light.shadow, 0.4));
    context.lineWidth = 0.014;
    context.beginPath();
    context.moveTo(0.02, -0.08);
    context.lineTo(0.02, -1);
    context.moveTo(0.02, -0.16);
    context.lineTo(-0.42, -0.18);
    context.stroke();
    sail(
      context,
      [
        [0, -0.96],
        [-0.02, -0.21],
        [-0.43, -0.21],
      ],
      -0.3,
      canvasColor,
    );
    sail(
      context,
      [
        [0.04, -0.9],
        [0.05, -0.18],
        [0.4, -0.15],
      ],
      0.29,
      blend(canvasColor, light.shadow, 0.16),
    );
    const side = context.createLinearGradient(0, -0.14, 0, 0.04);
    side.addColorStop(0, css(hull));
    side.addColorStop(1, css(dark));
    context.fillStyle = side;
    context.beginPath();
    context.moveTo(-0.46, -0.13);
    context.quadraticCurveTo(0, -0.085, 0.52, -0.16);
    context.quadraticCurveTo(0.4, 0.02, 0.28, 0.035);
    context.lineTo(-0.34, 0.035);
    context.quadraticCurveTo(-0.44, 0, -0.46, -0.13);
    context.fill();
    context.strokeStyle = css(blend([255, 255, 255], light.lit, 0.5), 0.65 * ambient);
    context.lineWidth = 0.012;
    context.beginPath();
    context.moveTo(-0.455, -0.115);
    context.quadraticCurveTo(0, -0.07, 0.505, -0.145);
    context.stroke();
    context.restore();
  };
}

/** A triangle of cloth, its third edge bellied out to `belly`. */
function sail(context: SKRSContext2D, corners: readonly [number, number][], belly: number, color: Color): void {
  const [head, tack, clew] = corners as [[number, number], [number, number], [number, number]];
  const cloth = context.createLinearGradient(head[0], 0, clew[0], 0);
  cloth.addColorStop(0, css(shade(color, 0.9)));
  cloth.addColorStop(0.45, css(color));
  cloth.addColorStop(1, css(shade(color, 0.84)));
  context.fillStyle = cloth;
  context.beginPath();
  context.moveTo(...head);
  context.quadraticCurveTo(tack[0], -0.55, ...tack);
  context.lineTo(...clew);
  context.quadraticCurveTo(belly, -0.6, ...head);
  context.fill();
}
