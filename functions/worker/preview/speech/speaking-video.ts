/** Lip sync: the caller's video with a mouth that says what the voice says, and the voice for its sound. The video decides the length. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { openImage } from '../../media/open-image.ts';
import { openVideo } from '../../media/video-reader.ts';
import { Random } from '../drawing/random.ts';
import { type FaceGuess, findFace } from '../face/find-face.ts';
import { paintMouth, type Spot } from '../face/mouth-painter.ts';
import { LOOKS_PER_SECOND, placeOf, trackFace } from '../face/track-face.ts';
import { Warp } from '../image/warp.ts';
import type { AvatarSource, LipSyncSource } from '../source.ts';
import type { MouthShape } from './mouth-track.ts';
import { openSpeech, speechOver } from './speech-over.ts';

/** Short side of the video while the face is sought. */
const SEARCH_SIDE = 180;

export async function lipSync(source: LipSyncSource, output: RenderOutput): Promise<FrameSource> {
  const { format, directory } = output;
  const { width, height, fps } = format;
  const voice = speechOver(await openSpeech(source.voice, directory), format);
  const scale = Math.min(1, SEARCH_SIDE / Math.min(width, height));
  const small = { width: even(width * scale), height: even(height * scale) };
  const search = await openVideo(source.videoPath, { ...small, fps: LOOKS_PER_SECOND });
  const places = await trackFace(search, small).finally(() => search.close());
  const video = await output.openVideo(source.videoPath, { width, height, fps });
  const image = new ImageData(width, height);
  return {
    scene: 'lip_sync',
    sound: (_rate, samples) => voice.alone(samples),
    async paint(index, { context }) {
      image.data.set(await video.readFrame(index));
      const shape = voice.mouths[index];
      if (shape) paintMouth(image.data, width, height, places(index / fps, width, height), shape);
      context.putImageData(image, 0, 0);
    },
  };
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}

// Avatar: the caller's picture speaks. The picture is bent a little about the head, as a head moves that speaks, and the mouth follows the
// voice. The clip is as long as was promised; a text is fitted to it.

const MOST_SHORT_SIDE = 720;
/** The picture is kept a little larger than the frame, so that moving never uncovers its edge. */
const SPARE = 1.06;

export async function avatar(source: AvatarSource, { format, directory }: RenderOutput): Promise<FrameSource> {
  const { width, height, durationSeconds } = format;
  const voice = speechOver(await openSpeech(source.voice, directory, durationSeconds), format);
  const scale = Math.min(1, MOST_SHORT_SIDE / Math.min(width, height));
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  const original = await openImage(source.imagePath, Math.ceil(w * SPARE), Math.ceil(h * SPARE));
  const spoken = { ...original, pixels: original.pixels.slice() };
  const bytes = new Uint8ClampedArray(spoken.pixels.buffer);
  const guess = findFace({ ...original, pixels: bytes });
  const spot = spotIn(guess, original.width, original.height);
  const motion = poses(voice.mouths, format, source.seed);
  const warp = new Warp(spoken, w, h);
  const image = new ImageData(w, h);
  const target = new Uint32Array(image.data.buffer, image.data.byteOffset, w * h);
  const small = createCanvas(w, h);
  return {
    scene: 'avatar',
    sound: (_rate, samples) => voice.alone(samples),
    paint(index, { context }) {
      const shape = voice.mouths[index];
      const pose = motion[index];
      if (!shape || !pose) return;
      // The mouth is painted before the picture is bent, so it moves with the head.
      spoken.pixels.set(original.pixels);
      paintMouth(bytes, original.width, original.height, spot, shape);
      warp.render((x, y, out) => moved(guess.face, pose, w / h, x, y, out), target);
      small.getContext('2d').putImageData(image, 0, 0);
      context.drawImage(small, 0, 0, width, height);
    },
  };
}

function spotIn(guess: FaceGuess, width: number, height: number): Spot {
  const { x, y, width: across, bare } = placeOf(guess);
  return { x: x * width, y: y * height, half: (across * width) / 2, bare };
}

/** Where the frame's point comes from: all of the picture breathes, the head turns about its neck and nods. */
function moved(
  face: FaceGuess['face'],
  pose: Pose,
  aspect: number,
  x: number,
  y: number,
  out: { x: number; y: number },
): void {
  const zoom = SPARE * (1 + pose.breath);
  out.x = 0.5 + (x - 0.5) / zoom;
  out.y = 0.5 + (y - 0.5) / zoom;
  const neckX = face.x + face.width / 2;
  const neckY = face.y + face.height * 1.1;
  const dx = (out.x - neckX) / Math.max(0.05, face.width);
  const dy = (out.y - (face.y + face.height * 0.45)) / Math.max(0.05, face.height);
  const weight = Math.exp(-(dx * dx) / 1.1 - (dy * dy) / 0.9) * fade(out.x) * fade(out.y);
  const acrossX = (out.x - neckX) * aspect;
  const acrossY = out.y - neckY;
  out.x += weight * ((pose.roll * acrossY) / aspect + pose.turn * face.width);
  out.y += weight * (-pose.roll * acrossX + pose.nod * face.height);
}

/** 0 at the picture's edges, so that nothing beyond them is asked for. */
function fade(at: number): number {
  return Math.min(1, Math.max(0, Math.min(at, 1 - at) / 0.08));
}

// How a head moves that speaks: slow sway, breath, and a nod on what is said loudly. Pure; seeded.

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
