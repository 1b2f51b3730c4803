/** The last frame of a film, moved on: a camera that starts from rest, and the weather and light that the words ask for over it. */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat } from '../../../media/frame-source.ts';
import { clamp } from '../../curves.ts';
import { makeFinish } from '../../finish.ts';
import { guessDepth } from '../../picture/depth.ts';
import type { Picture } from '../../picture/open-picture.ts';
import { lights, pictureWorld } from '../../picture/picture-scene.ts';
import { Warp } from '../../picture/warp.ts';
import { Random } from '../../random.ts';
import { readPrompt } from '../../reading.ts';
import type { ExtendSource } from '../../source.ts';
import { makeWeather } from '../../weather.ts';
import { holds } from '../../words.ts';
import { makeGrade } from './grade.ts';
import { mirrored } from './mirrored-picture.ts';
import { pathFrom } from './resting-camera.ts';

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

/** `pixels` is the RGBA of the film's last frame, at the format's size. */
export function continueFrame(source: ExtendSource, format: ClipFormat, pixels: Uint8ClampedArray): Continuation {
  const { width, height } = format;
  const frame: Picture = { pixels: new Uint32Array(pixels.slice().buffer), width, height };
  const direction = readPrompt(source);
  // Words that the vocabulary does not know still choose among the ways in which a camera can move.
  const random = new Random(source.seed, `extension ${direction.text}`);
  const world = pictureWorld(width, height, random, direction, frame);
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
