/** A film's motion as a path that a picture can follow: smoothed, about the middle of its way, no longer than a picture has room for. */
import type { FoundMotion, MotionStep } from './film-motion.ts';

/** Where things are at a frame, in fractions of the film's width and height from where they are in the middle of their way. */
export interface Pose {
  readonly camera: { readonly x: number; readonly y: number; readonly zoom: number; readonly roll: number };
  /** How far whoever acts has moved besides. */
  readonly actor: { readonly x: number; readonly y: number };
  /** What stirs in each block besides: x and y, in reading order. */
  readonly stir: Float32Array;
}

export interface FilmMotion {
  readonly columns: number;
  readonly rows: number;
  readonly poses: readonly Pose[];
}

/** A picture gives room for this much at most: fractions of the frame, the logarithm of a zoom, radians. */
const ROOM = { camera: 0.085, actor: 0.11, zoom: 0.3, roll: 0.12, stir: 0.022 } as const;
/** Frames over which paths are smoothed, as the spread of a bell. */
const SPREAD = 1.6;
/** What is left of a stir after each frame: it swings back within a third of a second. */
const LASTING = 0.86;

/** Where nobody `acts` in the picture, all of it does what whoever acts in the film does. */
export function posesOf({ steps, width, height, columns, rows }: FoundMotion, acts: boolean): FilmMotion {
  const whole = acts ? 0 : 1;
  const path = (of: (step: MotionStep) => number): number[] => smooth(summed(steps.map(of)));
  const [cameraX, cameraY] = fitted(
    path(step => (step.camera.x + whole * step.actor.x) / width),
    path(step => (step.camera.y + whole * step.actor.y) / height),
    ROOM.camera,
  );
  const [actorX, actorY] = fitted(
    path(s => s.actor.x / width),
    path(s => s.actor.y / height),
    ROOM.actor,
  );
  const [zoom] = fitted(
    path(s => s.camera.zoom),
    [],
    ROOM.zoom / 2,
  );
  const [roll] = fitted(
    path(s => s.camera.roll),
    [],
    ROOM.roll,
  );
  const stirs = stirsOf(steps, width, height);
  const poses = stirs.map((stir, index) => ({
    camera: {
      x: cameraX[index] as number,
      y: cameraY[index] as number,
      zoom: zoom[index] as number,
      roll: roll[index] as number,
    },
    actor: { x: actorX[index] as number, y: actorY[index] as number },
    stir,
  }));
  return { columns, rows, poses };
}

/** Each block's recent stir, falling off with time. */
function stirsOf(steps: readonly MotionStep[], width: number, height: number): Float32Array[] {
  const blocks = steps[0]?.stir.length ?? 0;
  const current = new Float32Array(blocks * 2);
  const stirs = [current.slice()];
  for (const { stir } of steps) {
    for (const [block, { x, y }] of stir.entries())
      for (const [axis, value] of [x / width, y / height].entries()) {
        const moved = (current[block * 2 + axis] as number) * LASTING + value * 0.5;
        current[block * 2 + axis] = Math.min(ROOM.stir, Math.max(-ROOM.stir, moved));
      }
    stirs.push(current.slice());
  }
  return stirs;
}

function summed(steps: readonly number[]): number[] {
  let sum = 0;
  return [
    0,
    ...steps.map(step => {
      sum += step;
      return sum;
    }),
  ];
}

function smooth(path: readonly number[]): number[] {
  const reach = Math.ceil(SPREAD * 3);
  return path.map((_, index) => {
    // As far before as after, so that the ends keep their place.
    const room = Math.min(reach, index, path.length - 1 - index);
    let [sum, weights] = [0, 0];
    for (let away = -room; away <= room; away++) {
      const weight = Math.exp(-(away ** 2) / (2 * SPREAD ** 2));
      sum += weight * (path[index + away] as number);
      weights += weight;
    }
    return sum / weights;
  });
}

/** Both paths about their middle, made smaller alike where either goes further than `room` from it. */
function fitted(one: readonly number[], other: readonly number[], room: number): [number[], number[]] {
  const [first, second] = [one, other].map(path => {
    const middle = path.length === 0 ? 0 : (Math.max(...path) + Math.min(...path)) / 2;
    return path.map(value => value - middle);
  }) as [number[], number[]];
  const most = Math.max(1e-9, ...first.map(Math.abs), ...second.map(Math.abs));
  const scale = Math.min(1, room / most);
  return [first.map(value => value * scale), second.map(value => value * scale)];
}
