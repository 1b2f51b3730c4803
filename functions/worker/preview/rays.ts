/** Shafts of light falling from one place, swelling and fading on their own. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Color, css } from './color.ts';
import type { Random } from './random.ts';

export interface Shafts {
  readonly x: number;
  readonly y: number;
  readonly color: Color;
  readonly strength: number;
  /** Angles of the outermost shafts, in radians from straight down. */
  readonly from: number;
  readonly to: number;
  /** How far they reach, in pixels. */
  readonly reach: number;
  readonly count: number;
}

/** Prepares the shafts; the returned function draws them at `time` seconds. */
export function makeShafts(random: Random, kind: Shafts): (context: SKRSContext2D, time: number) => void {
  const shafts = Array.from({ length: kind.count }, (_, index) => ({
    angle: kind.from + ((kind.to - kind.from) * (index + random.range(0.1, 0.9))) / kind.count,
    spread: ((kind.to - kind.from) / kind.count) * random.range(0.35, 1.1),
    reach: kind.reach * random.range(0.7, 1.1),
    speed: random.range(0.35, 0.9),
    phase: random.range(0, 6.28),
    strength: random.range(0.45, 1),
  }));
  return (context, time) => {
    context.save();
    context.globalCompositeOperation = 'screen';
    for (const shaft of shafts) {
      const breath = 0.55 + 0.45 * Math.sin(time * shaft.speed + shaft.phase);
      const angle = shaft.angle + Math.sin(time * 0.23 + shaft.phase) * 0.02;
      // Nested wedges: soft sides without a blur.
      for (const [width, share] of [[1, 0.34], [0.66, 0.34], [0.34, 0.32]] as const) {
        const gradient = context.createRadialGradient(kind.x, kind.y, 0, kind.x, kind.y, shaft.reach);
        const alpha = kind.strength * shaft.strength * breath * share;
        gradient.addColorStop(0, css(kind.color, alpha));
        gradient.addColorStop(0.35, css(kind.color, alpha * 0.6));
        gradient.addColorStop(1, css(kind.color, 0));
        context.fillStyle = gradient;
        context.beginPath();
        context.moveTo(kind.x, kind.y);
        for (const side of [-1, 1]) {
          const edge = angle + (side * width * shaft.spread) / 2;
          context.lineTo(kind.x + Math.sin(edge) * shaft.reach, kind.y + Math.cos(edge) * shaft.reach);
        }
        context.fill();
      }
    }
    context.restore();
  };
}
