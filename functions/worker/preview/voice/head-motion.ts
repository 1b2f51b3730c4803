/** How a head moves that speaks: slow sway, breath, and a nod on what is said loudly. Pure; seeded. */
import { Random } from '../random.ts';
import type { MouthShape } from './visemes.ts';

export interface Pose {
  /** Radians, clockwise about the neck. */
  readonly roll: number;
  /** Sideways, in widths of the face. */
  readonly turn: number;
  /** Downwards, in heights of the face. */
  readonly nod: number;
  /** How much larger all of the picture is. */
  readonly breath: number;
}

const ROLL = 0.024;
const TURN = 0.026;
const NOD = 0.02;
const BREATH = 0.007;
/** Seconds in which emphasis comes and goes. */
const EMPHASIS_SECONDS = 0.22;

/** One pose for each mouth. */
export function poses(mouths: readonly MouthShape[], { fps }: { fps: number }, seed: number): Pose[] {
  const random = new Random(seed, 'head');
  const wave = (seconds: number): ((time: number) => number) => {
    const phase = random.range(0, 2 * Math.PI);
    const second = random.range(0, 2 * Math.PI);
    return time =>
      0.7 * Math.sin((2 * Math.PI * time) / seconds + phase) +
      0.3 * Math.sin((2 * Math.PI * time) / (seconds * 0.43) + second);
  };
  const sway = { roll: wave(4.1), turn: wave(5.3), nod: wave(3.3) };
  const breath = random.range(0, 2 * Math.PI);
  let emphasis = 0;
  return mouths.map(({ open }, frame) => {
    const time = frame / fps;
    emphasis += (open - emphasis) * Math.min(1, 1 / (fps * EMPHASIS_SECONDS));
    return {
      roll: ROLL * sway.roll(time) * (0.6 + emphasis),
      turn: TURN * sway.turn(time),
      nod: NOD * (0.6 * sway.nod(time) + 1.1 * emphasis),
      breath: BREATH * (1 + Math.sin((2 * Math.PI * time) / 3.6 + breath)),
    };
  });
}
