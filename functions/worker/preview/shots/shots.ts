/**
 * A clip of several shots: the same place in the same light, cut hard from one framing, camera move and moment to another.
 * A change between pictures is one course of events, so there only the framing changes.
 */
import { createCanvas } from '@napi-rs/canvas';
import type { ClipFormat, FrameCanvas, FrameSource } from '../../media/frame-source.ts';
import type { ShotsSource, TransitionSource } from '../source.ts';
import { type Framing, planCutaways, planShots, type Shot } from './plan-shots.ts';

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
  let current: { readonly shot: Shot; readonly film: FrameSource; readonly stage: FrameCanvas } | undefined;
  return {
    ...whole,
    async paint(index, frame) {
      const shot = shots.findLast(({ first }) => first <= index) as Shot;
      // One shot at a time is open: each holds its scene's layers.
      if (current?.shot !== shot) current = { shot, ...(await openShot(clip, shot, format, open)) };
      const { film, stage } = current;
      await film.paint(index - shot.first, stage);
      show(stage, frame, shot);
    },
  };
}

async function openShot(
  clip: Exclude<Clip, TransitionSource>,
  { zoom, move, frames, startSeconds }: Shot,
  format: ClipFormat,
  open: Open,
): Promise<{ film: FrameSource; stage: FrameCanvas }> {
  const scale = Math.max(1, Math.min(zoom, MOST_LINES / Math.min(format.width, format.height)));
  const size = { width: even(format.width * scale), height: even(format.height * scale) };
  // A move that the caller names is the move of every shot; the first keeps what the words ask for.
  const cameraMovement = clip.cameraMovement ?? (startSeconds === 0 ? undefined : move);
  const moved = { ...clip, startSeconds, ...(cameraMovement !== undefined && { cameraMovement }) };
  const film = await open(moved, { ...format, ...size, durationSeconds: frames / format.fps });
  return { film, stage: stageOf(size) };
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
