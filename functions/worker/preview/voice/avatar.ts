/**
 * Avatar: the caller's picture speaks. The picture is bent a little about the head, as a head moves that speaks, and the mouth follows the
 * voice. The clip is as long as was promised; a text is fitted to it.
 */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { type FaceGuess, findFace } from '../face/find-face.ts';
import { paintMouth, type Spot } from '../face/mouth-painter.ts';
import { placeOf } from '../face/track-face.ts';
import { openPicture } from '../picture/open-picture.ts';
import { Warp } from '../picture/warp.ts';
import type { AvatarSource } from '../source.ts';
import { type Pose, poses } from './head-motion.ts';
import { hearVoice } from './hear-voice.ts';
import { voiceOver } from './voice-over.ts';

const MOST_SHORT_SIDE = 720;
/** The picture is kept a little larger than the frame, so that moving never uncovers its edge. */
const SPARE = 1.06;

export async function previewAvatar(source: AvatarSource, { format, directory }: RenderOutput): Promise<FrameSource> {
  const { width, height, durationSeconds } = format;
  const voice = voiceOver(await hearVoice(source.voice, directory, durationSeconds), format);
  const scale = Math.min(1, MOST_SHORT_SIDE / Math.min(width, height));
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  const original = await openPicture(source.imagePath, Math.ceil(w * SPARE), Math.ceil(h * SPARE));
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
