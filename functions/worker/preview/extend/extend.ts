/**
 * A video, and then its last frame moved on. Invariants:
 * - up to the video's end every frame and every sound is its own;
 * - at the seam nothing jumps: the camera starts from rest exactly where the last frame stands, and what the words bring (weather, light,
 *   sound) comes in over a second.
 */

import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import type { DecodedImage } from '../../media/open-image.ts';
import { framePainter } from '../../media/plain-video.ts';
import type { VideoReader } from '../../media/video-reader.ts';
import { type Color, css } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { makeFinish } from '../drawing/finish.ts';
import { Random } from '../drawing/random.ts';
import { imageWorld, lights } from '../image/image-scene.ts';
import { type DepthMap, type Field, guessDepth, Warp } from '../image/warp.ts';
import { type CameraState, cameraAt } from '../reading/camera.ts';
import { type Direction, HOUR_WORDS, type Hour, readPrompt } from '../reading/prompt.ts';
import { holds, mentioned } from '../reading/words.ts';
import { makeWeather } from '../scenes/weather.ts';
import type { ExtendSource } from '../source.ts';
import { continueSound } from './continued-sound.ts';

/** Seconds over which weather and light come in; half the extension where that is shorter. */
const COMING_IN = 1.2;

/** `video` must have been opened at the size of the frames that are painted. */
export function extendVideo(source: ExtendSource, video: VideoReader, format: ClipFormat): FrameSource {
  const { fps, durationSeconds } = format;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const own = Math.min(frames - 1, Math.max(1, Math.round(source.videoSeconds * fps)));
  const added = frames - own;
  const comingIn = Math.min(COMING_IN, added / fps / 2);
  const show = framePainter();
  let next: Continuation | undefined;
  return {
    scene: 'extended film',
    sound: async (rate, samples) =>
      continueSound(await video.sound(rate), { source, rate, samples, seam: Math.round((own / fps) * rate) }),
    async paint(index, frame) {
      if (index < own) {
        // The last own frame is the very last of the video, so that the continuation starts from what was just seen.
        show(frame, index === own - 1 ? await video.lastFrame() : await video.readFrame(index));
        return;
      }
      next ??= continueFrame(source, format, await video.lastFrame());
      const step = index - own + 1;
      next.paint(frame.context, {
        seconds: step / fps,
        progress: step / added,
        arrived: smoothstep(0, comingIn, step / fps),
      });
    },
  };
}

// The last frame of a video, moved on: a camera that starts from rest, and the weather and light that the words ask for over it.

export interface ContinuedMoment {
  /** Since the seam. */
  readonly seconds: number;
  /** Above 0, to 1 at the last frame. */
  readonly progress: number;
  /** How much of the weather and the light has come in, 0 to 1. */
  readonly arrived: number;
}

export interface Continuation {
  paint(context: SKRSContext2D, moment: ContinuedMoment): void;
}

const FAST = 1.5;
/** Waves that the words mention take this long to rise. */
const RISING = 0.8;

/** `pixels` is the RGBA of the video's last frame, at the format's size. */
export function continueFrame(source: ExtendSource, format: ClipFormat, pixels: Uint8ClampedArray): Continuation {
  const { width, height } = format;
  const frame: DecodedImage = { pixels: new Uint32Array(pixels.slice().buffer), width, height };
  const direction = readPrompt(source);
  // Words that the vocabulary does not know still choose among the ways in which a camera can move.
  const random = new Random(source.seed, `extension ${direction.text}`);
  const world = imageWorld(width, height, random, direction, frame);
  const overlays = [makeWeather(world), ...lights(world)];
  const glows = holds(direction.text, 'glow') || holds(direction.text, 'glowing');
  const finish = glows ? makeFinish(width, height, random, { vignette: 0.1, bloom: 0.42, grain: false }) : null;
  const grade = makeGrade(direction);
  const { picture, margin } = mirrored(frame);
  const warp = new Warp(picture, width, height);
  const path = pathFrom(direction, random.fork('camera'), guessDepth(frame), width / height);
  const wavy = ['wave', 'water', 'sea', 'ocean', 'lake', 'river'].some(word => holds(direction.text, word));
  const image = new ImageData(width, height);
  const target = new Uint32Array(image.data.buffer, image.data.byteOffset, width * height);
  const plain = createCanvas(width, height);
  return {
    paint(context, { seconds, progress, arrived }) {
      const time = seconds * (direction.fast ? FAST : 1);
      const { camera, field } = path(progress, time);
      const rising = wavy ? clamp(seconds / RISING) : 0;
      warp.render((x, y, out) => {
        field(x, y, out);
        if (rising > 0) {
          const wet = rising * clamp((y - 0.5) * 2.4) * 0.0045;
          out.x += wet * Math.sin(y * 46 - time * 3.2 + x * 5);
          out.y += wet * Math.sin(y * 30 - time * 2.6 + x * 9) * 1.3;
        }
        // Fractions of the frame to fractions of the mirrored picture, which the warp counts from its first pixel to its last.
        out.x = (margin.x + out.x * width) / (picture.width - 1);
        out.y = (margin.y + out.y * height) / (picture.height - 1);
      }, target);
      const base = plain.getContext('2d');
      base.putImageData(image, 0, 0);
      context.drawImage(plain, 0, 0);
      for (const overlay of overlays) overlay.paint(context, { time, progress, camera });
      finish?.apply(context, Math.round(seconds * format.fps));
      grade(context, width, height);
      if (arrived >= 1) return;
      context.save();
      context.globalAlpha = 1 - arrived;
      context.drawImage(plain, 0, 0);
      context.restore();
    },
  };
}

// The light that words ask for, laid over a picture that was taken in another.

/** What the hour multiplies each channel by, in 255ths. */
const HOURS: Readonly<Record<Hour, Color>> = {
  night: [82, 98, 168],
  dusk: [158, 148, 216],
  sunset: [255, 186, 128],
  dawn: [255, 208, 206],
  day: [255, 252, 244],
};
const DULL: Color = [196, 206, 222];
const NAMED_COLOR = 0.3;

type Wash = readonly [operation: 'multiply' | 'screen' | 'soft-light', color: Color, alpha: number];

/** Paints the hour, the dull light of bad weather and the first colour that the words name; nothing where they name none. */
export function makeGrade(direction: Direction): (context: SKRSContext2D, width: number, height: number) => void {
  const washes: Wash[] = [];
  const [hour] = mentioned(direction.text, HOUR_WORDS);
  if (hour !== undefined) washes.push(['multiply', HOURS[hour], 1]);
  if (hour === 'day') washes.push(['screen', [70, 66, 54], 1]);
  if (direction.weather.has('rain') || direction.weather.has('cloudy')) washes.push(['multiply', DULL, 1]);
  if (direction.weather.has('storm')) washes.push(['multiply', [128, 136, 158], 1]);
  const [color] = direction.colors;
  if (color !== undefined) washes.push(['soft-light', color, NAMED_COLOR]);
  return (context, width, height) => {
    for (const [operation, color, alpha] of washes) {
      context.save();
      context.globalCompositeOperation = operation;
      context.fillStyle = css(color, alpha);
      context.fillRect(0, 0, width, height);
      context.restore();
    }
  };
}

// A picture with itself mirrored around its edges: what a camera sees that moves beyond them.

/** Of each side: as far as any camera move looks out. */
const MARGIN = 0.16;

export function mirrored({ pixels, width, height }: DecodedImage): {
  picture: DecodedImage;
  margin: { x: number; y: number };
} {
  const margin = { x: Math.ceil(width * MARGIN), y: Math.ceil(height * MARGIN) };
  const across = width + 2 * margin.x;
  const down = height + 2 * margin.y;
  const out = new Uint32Array(across * down);
  const columns = Array.from({ length: across }, (_, x) => reflect(x - margin.x, width));
  for (let y = 0, at = 0; y < down; y++) {
    const row = reflect(y - margin.y, height) * width;
    for (let x = 0; x < across; x++, at++) out[at] = pixels[row + (columns[x] as number)] as number;
  }
  return { picture: { pixels: out, width: across, height: down }, margin };
}

function reflect(at: number, length: number): number {
  return at < 0 ? -1 - at : at >= length ? 2 * length - 1 - at : at;
}

// Camera moves that begin where a video has ended: at rest, on the whole frame, pixel for pixel.

/** The share of the move in which the camera gathers speed. */
const GATHERING = 0.45;
/** The camera moves in a little with any move, so that less shows from beyond the edges. */
const COVER = 0.05;

/** Beyond it even the mirrored margin would end. */
const FARTHEST = 0.8;

export type RestingPath = (progress: number, time: number) => { camera: CameraState; field: Field };

/** The path that the direction asks for. At `progress` 0 its field is every pixel in its place. */
export function pathFrom(direction: Direction, random: Random, depth: DepthMap, aspect: number): RestingPath {
  const { move, fast } = direction;
  const side = random.chance(0.5) ? 1 : -1;
  const own = { x: side * random.range(0.06, 0.1), y: random.range(-0.03, 0.03), zoom: random.range(0.08, 0.16) };
  const start = cameraAt(move, 0, fast);
  return (progress, time) => {
    const p = fromRest(progress);
    const now = cameraAt(move, p, fast);
    const camera =
      move === 'auto_camera'
        ? { ...start, x: own.x * p, y: own.y * p, zoom: 1 + own.zoom * p * (fast ? 1.4 : 1) }
        : {
            x: now.x - start.x,
            y: now.y - start.y,
            zoom: Math.max(FARTHEST, now.zoom / start.zoom),
            roll: now.roll - start.roll,
            stretch: now.stretch - start.stretch,
          };
    const swaying =
      move === 'fix_bg' ? { ...camera, x: 0.035 * Math.sin(time * 0.9) * smoothstep(0, 1, time) } : camera;
    return { camera: swaying, field: fieldOf(swaying, COVER * p, move === 'fix_bg', depth, aspect) };
  };
}

/** Speed grows evenly from nothing, then stays. */
function fromRest(progress: number): number {
  const p = progress < GATHERING ? progress ** 2 / (2 * GATHERING) : progress - GATHERING / 2;
  return p / (1 - GATHERING / 2);
}

function fieldOf(camera: CameraState, cover: number, onlyNear: boolean, depth: DepthMap, aspect: number): Field {
  const cos = Math.cos(camera.roll);
  const sin = Math.sin(camera.roll);
  return (x, y, out) => {
    const near = depth.at(x, y) - 0.4;
    const share = onlyNear ? smoothstep(0.3, 0.8, near + 0.4) : mix(0.22, 1.02, near);
    const zoom =
      (1 + (camera.zoom - 1) * (0.75 + near * 0.7) + camera.stretch * (0.1 - near) * 0.9) * (onlyNear ? 1 : 1 + cover);
    const dx = (x - 0.5) / zoom;
    const dy = (y - 0.5) / zoom;
    out.x = 0.5 + dx * cos - (dy * sin) / aspect + camera.x * share * 0.62;
    out.y = 0.5 + dy * cos + dx * sin * aspect + camera.y * share * 0.62;
  };
}
