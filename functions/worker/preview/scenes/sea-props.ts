/** A lighthouse whose lamp turns: two opposite beams sweep round, and flare when one points at us. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { smoothstep } from '../drawing/curves.ts';
import { halo, paintBeam } from '../drawing/lights.ts';
import type { World } from './world.ts';

const LAMP: Color = [255, 236, 178];
const TURNS_PER_SECOND = 0.13;
const BANDS = 5;

export interface Lighthouse {
  /** The tower; `time` in seconds turns the lamp. */
  paintTower(context: SKRSContext2D, time: number): void;
  /** The beams, to be painted over the sky and the tower. */
  paintBeams(context: SKRSContext2D, time: number): void;
}

/** Stands at `x`, `foot` (pixels), `tall` pixels high. */
export function makeLighthouse(world: World, x: number, foot: number, tall: number): Lighthouse {
  const { light } = world;
  const wide = tall * 0.1;
  const lampY = foot - tall * 0.9;
  const fromLeft = light.sun.x * world.width < x;
  const ambient = 0.35 + 0.65 * light.brightness;
  const tone = (color: Color, facing: number): string =>
    css(
      blend(
        shade(blend(color, light.shadow, 0.5), 0.55 + 0.3 * ambient),
        blend(shade(color, 0.5 + 0.5 * ambient), light.lit, 0.3),
        facing,
      ),
    );
  const phase = world.random.fork('lamp').range(0, 6.28);
  const strength = 1 - 0.65 * smoothstep(0.4, 1, light.brightness);
  const beam = paintBeam(LAMP);

  function rounded(context: SKRSContext2D, left: number, right: number, color: Color): void {
    const gradient = context.createLinearGradient(left, 0, right, 0);
    const stops = [0.35, 0.8, 0.95, 0.45, 0.05];
    for (const [index, facing] of (fromLeft ? stops : stops.toReversed()).entries())
      gradient.addColorStop(index / 4, tone(color, facing));
    context.fillStyle = gradient;
  }

  return {
    paintTower(context, time) {
      const half = (share: number): number => wide * (1 - 0.42 * share);
      const rise = tall * 0.78;
      for (let band = 0; band < BANDS; band++) {
        const low = band / BANDS;
        const high = (band + 1) / BANDS;
        rounded(context, x - half(low), x + half(low), band % 2 === 0 ? hex('#f4efe6') : hex('#c23a34'));
        context.beginPath();
        context.moveTo(x - half(low), foot - rise * low + 0.6);
        context.lineTo(x - half(high), foot - rise * high);
        context.lineTo(x + half(high), foot - rise * high);
        context.lineTo(x + half(low), foot - rise * low + 0.6);
        context.fill();
      }
      context.fillStyle = css(blend(hex('#2a2430'), light.shadow, 0.4));
      for (const share of [0.22, 0.48, 0.72])
        context.fillRect(x - wide * 0.09, foot - rise * share - tall * 0.03, wide * 0.18, tall * 0.034);
      context.fillRect(x - wide * 0.14, foot - tall * 0.06, wide * 0.28, tall * 0.06);
      paintLantern(context, time);
    },
    paintBeams(context, time) {
      const angle = time * TURNS_PER_SECOND * Math.PI * 2 + phase;
      context.save();
      context.globalCompositeOperation = 'lighter';
      for (const turn of [angle, angle + Math.PI]) sweep(context, turn);
      context.restore();
      const facing = Math.max(0, Math.sin(angle), Math.sin(angle + Math.PI)) ** 10;
      halo(
        context,
        x,
        lampY,
        tall * (0.3 + 0.5 * facing),
        LAMP,
        (0.55 + 0.45 * facing) * (0.45 + 0.55 * strength),
        'lighter',
      );
    },
  };

  function paintLantern(context: SKRSContext2D, time: number): void {
    const deck = foot - tall * 0.78;
    const dark: Color = blend(hex('#3a2a30'), light.shadow, 0.3);
    rounded(context, x - wide * 0.86, x + wide * 0.86, hex('#5a4a4e'));
    context.beginPath();
    context.roundRect(x - wide * 0.86, deck - tall * 0.022, wide * 1.72, tall * 0.03, tall * 0.006);
    context.fill();
    const glow = 0.75 + 0.25 * Math.abs(Math.sin(time * TURNS_PER_SECOND * Math.PI * 2 + phase));
    context.fillStyle = css(blend([120, 110, 100], LAMP, glow));
    context.fillRect(x - wide * 0.46, lampY - tall * 0.045, wide * 0.92, tall * 0.15);
    context.strokeStyle = css(dark);
    context.lineWidth = Math.max(1, wide * 0.06);
    context.beginPath();
    for (const post of [-0.46, -0.16, 0.16, 0.46]) {
      context.moveTo(x + wide * post, lampY - tall * 0.05);
      context.lineTo(x + wide * post, deck);
    }
    for (const post of [-0.84, -0.6, 0.6, 0.84]) {
      context.moveTo(x + wide * post, deck - tall * 0.065);
      context.lineTo(x + wide * post, deck - tall * 0.02);
    }
    context.moveTo(x - wide * 0.84, deck - tall * 0.062);
    context.lineTo(x + wide * 0.84, deck - tall * 0.062);
    context.stroke();
    rounded(context, x - wide * 0.6, x + wide * 0.6, hex('#b23430'));
    context.beginPath();
    context.moveTo(x - wide * 0.6, lampY - tall * 0.042);
    context.quadraticCurveTo(x - wide * 0.42, lampY - tall * 0.1, x, lampY - tall * 0.115);
    context.quadraticCurveTo(x + wide * 0.42, lampY - tall * 0.1, x + wide * 0.6, lampY - tall * 0.042);
    context.fill();
    context.beginPath();
    context.moveTo(x, lampY - tall * 0.11);
    context.lineTo(x, lampY - tall * 0.15);
    context.stroke();
  }

  function sweep(context: SKRSContext2D, turn: number): void {
    const along = Math.cos(turn);
    const towards = Math.sin(turn);
    const reach = world.width * 0.95 * along;
    if (Math.abs(along) < 0.06) return;
    const open = world.height * (0.06 + 0.1 * Math.max(0, towards) + 0.02 * Math.abs(towards));
    const tip = towards * world.height * 0.07;
    const bright = strength * (0.5 + 0.5 * (towards * 0.5 + 0.5)) * (0.35 + 0.65 * Math.abs(along));
    context.save();
    context.globalAlpha = Math.min(1, bright);
    context.transform(reach, tip, 0, open, x, lampY);
    context.drawImage(beam, 0, -1, 1, 2);
    context.restore();
  }
}

// A sailing boat that rides the swell.

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
