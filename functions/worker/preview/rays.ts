/** Shafts of light falling from one place, swelling and fading on their own. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { paintBeam } from './beam.ts';
import type { Color } from './color.ts';
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
  const beam = paintBeam(kind.color, 0.12);
  return (context, time) => {
    context.save();
    context.globalCompositeOperation = 'screen';
    context.translate(kind.x, kind.y);
    for (const shaft of shafts) {
      const breath = 0.55 + 0.45 * Math.sin(time * shaft.speed + shaft.phase);
      const angle = shaft.angle + Math.sin(time * 0.23 + shaft.phase) * 0.02;
      context.save();
      context.rotate(Math.PI / 2 - angle);
      context.scale(shaft.reach, shaft.reach * shaft.spread);
      context.globalAlpha = Math.min(1, kind.strength * shaft.strength * breath * 1.5);
      context.drawImage(beam, 0, -1, 1, 2);
      context.restore();
    }
    context.restore();
  };
}
