/** How a figure moves: where it is at a moment, against its spot. A figure is a flat picture, so it sways, hops and leans; it does not bend. */
import { clamp, dolly, mix, smoothstep } from '../curves.ts';
import type { Action, Role } from './script.ts';

export interface Pose {
  /** Against the spot, in fractions of the frame's width and height; up is negative. */
  readonly x: number;
  readonly y: number;
  /** Radians around the feet. */
  readonly lean: number;
  /** Against its size; across and up. */
  readonly stretch: readonly [across: number, up: number];
  /** How far above the ground, in fractions of the figure: the shadow grows weaker and wider with it. */
  readonly lift: number;
}

type Movement = (seconds: number, progress: number, heading: number) => Partial<Pose>;

const TAU = Math.PI * 2;
const hop = (turns: number): number => Math.abs(Math.sin(Math.PI * turns));

const MOVEMENTS: Readonly<Record<Action, Movement>> = {
  stand: seconds => ({
    lean: 0.022 * Math.sin(seconds * 1.5),
    stretch: [1 - 0.01 * Math.sin(seconds * 2.4), 1 + 0.016 * Math.sin(seconds * 2.4)],
  }),
  walk: (seconds, progress, heading) => ({
    x: heading * mix(-0.09, 0.09, progress),
    y: -0.012 * hop(seconds * 1.8),
    lean: 0.05 * Math.sin(TAU * 0.9 * seconds) + heading * 0.025,
  }),
  run: (seconds, progress, heading) => ({
    x: heading * mix(-0.14, 0.14, progress),
    y: -0.03 * hop(seconds * 3),
    lean: heading * 0.1 + 0.045 * Math.sin(TAU * 1.5 * seconds),
    lift: 0.05 * hop(seconds * 3),
  }),
  jump: seconds => {
    const turns = seconds * 1.25;
    const up = Math.sin(Math.PI * (turns % 1));
    const landing = smoothstep(0.16, 0, Math.min(turns % 1, 1 - (turns % 1)));
    return { y: -0.16 * up, lift: 0.35 * up, stretch: [1 + 0.09 * landing, 1 - 0.11 * landing] };
  },
  fly: (seconds, progress, heading) => ({
    x: heading * mix(-0.05, 0.05, progress),
    y: 0.028 * Math.sin(seconds * 1.9),
    lean: heading * 0.06 + 0.05 * Math.sin(seconds * 1.4 + 1),
    lift: 0.6,
  }),
  dance: seconds => ({
    x: 0.016 * Math.sin(TAU * seconds),
    y: -0.03 * hop(seconds * 2),
    lean: 0.14 * Math.sin(TAU * seconds),
    stretch: [1 - 0.03 * Math.sin(TAU * 2 * seconds), 1 + 0.03 * Math.sin(TAU * 2 * seconds)],
    lift: 0.06 * hop(seconds * 2),
  }),
  // A card that turns on its heel: narrow, then mirrored, then narrow, then itself.
  spin: seconds => {
    const across = Math.cos(TAU * 0.45 * seconds);
    return { stretch: [Math.sign(across || 1) * Math.max(0.06, Math.abs(across)), 1] };
  },
  swim: (seconds, progress, heading) => ({
    x: heading * mix(-0.07, 0.07, progress),
    y: 0.022 * Math.sin(seconds * 1.7),
    lean: 0.08 * Math.sin(seconds * 1.3),
    lift: 0.2,
  }),
  approach: (seconds, progress) => ({
    y: mix(-0.02, 0.03, dolly(progress)) - 0.01 * hop(seconds * 1.8),
    stretch: [mix(0.72, 1.12, dolly(progress)), mix(0.72, 1.12, dolly(progress))],
    lean: 0.03 * Math.sin(TAU * 0.9 * seconds),
  }),
  grow: (_, progress) => {
    const size = mix(0.45, 1.05, smoothstep(0, 0.7, progress));
    return { stretch: [size, size] };
  },
};

/** The pose at `seconds` of the scene's time and `progress` of the clip; `phase` sets figures apart from one another. */
export function poseAt(
  { action, heading, side }: Pick<Role<unknown>, 'action' | 'heading' | 'side'>,
  seconds: number,
  progress: number,
  phase: number,
): Pose {
  const way = heading === 'left' || (heading === undefined && side === 'right') ? -1 : 1;
  const pose = MOVEMENTS[action](seconds + phase, clamp(progress), way);
  return { x: 0, y: 0, lean: 0, stretch: [1, 1], lift: 0, ...pose };
}
