/**
 * A clip of several shots: the same place in the same light, cut hard from one framing, camera move and moment to another.
 * A change between pictures is one course of events, so there only the framing changes.
 */
import { createCanvas } from '@napi-rs/canvas';
import type { ClipFormat, FrameCanvas, FrameSource } from '../media/frame-source.ts';
import { Random } from './drawing/random.ts';
import type { CameraMove } from './reading/camera.ts';
import type { ShotsSource, TransitionSource } from './source.ts';

type Clip = ShotsSource['clip'];
type Open = (clip: Clip, format: ClipFormat) => FrameSource | Promise<FrameSource>;

/** A close shot is painted larger than it is shown, up to this many lines; beyond, pixels are only stretched. */
const MOST_LINES = 1080;

/** `open` opens a clip as if it were alone. */
export async function cutIntoShots({ clip }: ShotsSource, format: ClipFormat, open: Open): Promise<FrameSource> {
  const frames = Math.max(1, Math.round(format.durationSeconds * format.fps));
  if (clip.kind === 'transition') return cutAway(clip, frames, format, open);
  const shots = planShots(clip.seed, frames, format.fps);
  if (shots.length < 2) return open(clip, format);
  const whole = await open(clip, format);
  let current: { readonly shot: Shot; readonly video: FrameSource; readonly stage: FrameCanvas } | undefined;
  return {
    ...whole,
    async paint(index, frame) {
      const shot = shots.findLast(({ first }) => first <= index) as Shot;
      // One shot at a time is open: each holds its scene's layers.
      if (current?.shot !== shot) current = { shot, ...(await openShot(clip, shot, format, open)) };
      const { video, stage } = current;
      await video.paint(index - shot.first, stage);
      show(stage, frame, shot);
    },
  };
}

async function openShot(
  clip: Exclude<Clip, TransitionSource>,
  { zoom, move, frames, startSeconds }: Shot,
  format: ClipFormat,
  open: Open,
): Promise<{ video: FrameSource; stage: FrameCanvas }> {
  const scale = Math.max(1, Math.min(zoom, MOST_LINES / Math.min(format.width, format.height)));
  const size = { width: even(format.width * scale), height: even(format.height * scale) };
  // A move that the caller names is the move of every shot; the first keeps what the words ask for.
  const cameraMovement = clip.cameraMovement ?? (startSeconds === 0 ? undefined : move);
  const moved = { ...clip, startSeconds, ...(cameraMovement !== undefined && { cameraMovement }) };
  const video = await open(moved, { ...format, ...size, durationSeconds: frames / format.fps });
  return { video, stage: stageOf(size) };
}

async function cutAway(clip: TransitionSource, frames: number, format: ClipFormat, open: Open): Promise<FrameSource> {
  const shots = planCutaways(clip.seed, frames, format.fps);
  const whole = await open(clip, format);
  if (shots.length < 2) return whole;
  const stage = stageOf(format);
  return {
    ...whole,
    async paint(index, frame) {
      await whole.paint(index, stage);
      show(stage, frame, shots.findLast(({ first }) => first <= index) as (typeof shots)[number]);
    },
  };
}

/** Where close shots look, in fractions of the frame. */
const PLACES = [
  { x: 0.5, y: 0.5 },
  { x: 0.64, y: 0.42 },
] as const;

function show(stage: FrameCanvas, { context, width, height }: FrameCanvas, { focus, zoom }: Framing): void {
  const { x, y } = PLACES[focus];
  const [w, h] = [stage.width / zoom, stage.height / zoom];
  const within = (middle: number, part: number, all: number): number =>
    Math.min(all - part, Math.max(0, middle * all - part / 2));
  const [left, top] = [within(x, w, stage.width), within(y, h, stage.height)];
  context.drawImage(stage.canvas, left, top, w, h, 0, 0, width, height);
}

function stageOf({ width, height }: { width: number; height: number }): FrameCanvas {
  const canvas = createCanvas(width, height);
  return { canvas, context: canvas.getContext('2d'), width, height };
}

function even(length: number): number {
  return 2 * Math.round(length / 2);
}

// Which shots a clip is cut into. Pure: the same seed, length and source give the same cuts.

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
