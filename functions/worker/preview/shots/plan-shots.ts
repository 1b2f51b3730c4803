/** Which shots a clip is cut into. Pure: the same seed, length and source give the same cuts. */
import type { CameraMove } from '../camera-moves.ts';
import { Random } from '../random.ts';

export interface Framing {
  /** How many times larger than in the wide shot: 1 shows everything. */
  readonly zoom: number;
  /** Which of the places that catch the eye is in the middle. */
  readonly focus: 0 | 1;
}

export interface Shot extends Framing {
  /** Frames of the clip. */
  readonly first: number;
  readonly frames: number;
  readonly move: CameraMove;
  /** Seconds into the scene's own time at which the shot begins. */
  readonly startSeconds: number;
}

const WIDE = 1;
const MEDIUM = 1.5;
const CLOSE = 2.1;

/** No two neighbours are framed alike, the last and the first included. */
const TAKES: readonly (Framing & { readonly move: CameraMove })[] = [
  { zoom: WIDE, focus: 0, move: 'auto_camera' },
  { zoom: CLOSE, focus: 0, move: 'smooth_zoom_in' },
  { zoom: MEDIUM, focus: 1, move: 'pan_right' },
  { zoom: WIDE, focus: 0, move: 'crane_up' },
  { zoom: CLOSE, focus: 1, move: 'zoom_out' },
  { zoom: MEDIUM, focus: 0, move: 'left_follow' },
];

const SECONDS_PER_SHOT = 2.5;
/** A shot that lasts less is not seen. */
const SHORTEST_SECONDS = 1;
/** Shots of one length are a slide show. */
const UNEVEN = 0.14;
/** Between two shots more time goes by in the scene than on the screen. */
const SKIPPED_SECONDS = [2, 5] as const;

/** The shots of a clip of `frames`; one where it is too short to be cut. */
export function planShots(seed: number, frames: number, fps: number): Shot[] {
  const random = new Random(seed, 'shots');
  const cuts = cutFrames(random, frames, fps, 2);
  let startSeconds = 0;
  return cuts.slice(0, -1).map((first, index) => {
    const take = TAKES[index % TAKES.length] as (typeof TAKES)[number];
    const length = (cuts[index + 1] as number) - first;
    const shot = { ...take, first, frames: length, startSeconds };
    startSeconds += length / fps + random.range(...SKIPPED_SECONDS);
    return shot;
  });
}

/**
 * The shots of a change from one picture to another, which goes on over the cuts. It begins and ends wide: its first and
 * its last frame are the caller's pictures.
 */
export function planCutaways(seed: number, frames: number, fps: number): (Framing & { readonly first: number })[] {
  const cuts = cutFrames(new Random(seed, 'shots'), frames, fps, 3).slice(0, -1);
  const inside = TAKES.slice(1);
  return cuts.map((first, index) => {
    if (index === 0 || index === cuts.length - 1) return { first, zoom: WIDE, focus: 0 };
    const { zoom, focus } = inside[(index - 1) % inside.length] as (typeof TAKES)[number];
    return { first, zoom, focus };
  });
}

/** Where shots begin, and the end: at least `least` shots, or one where there is no time for so many. */
function cutFrames(random: Random, frames: number, fps: number, least: number): number[] {
  const seconds = frames / fps;
  if (seconds < least * SHORTEST_SECONDS) return [0, frames];
  const lengths = Array.from({ length: Math.max(least, Math.round(seconds / SECONDS_PER_SHOT)) }, () =>
    random.range(1 - UNEVEN, 1 + UNEVEN),
  );
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  let until = 0;
  const ends = lengths.map(length => {
    until += length;
    return Math.round((until / whole) * frames);
  });
  return [0, ...ends];
}
