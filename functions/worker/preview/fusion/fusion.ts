/**
 * Fusion: the caller's pictures in one scene. Backgrounds become the place, or the words draw one; subjects are cut out, put on the ground in
 * the order in which the prompt calls them, and move as it says. Whoever is not called still appears.
 */

import { createCanvas } from '@napi-rs/canvas';
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { canvasOf, type DecodedImage, openImage } from '../../media/open-image.ts';
import type { Color } from '../drawing/color.ts';
import { makeFinish } from '../drawing/finish.ts';
import { makeNoises, Random } from '../drawing/random.ts';
import { meanColor } from '../image/image-scene.ts';
import { Still } from '../image/warp.ts';
import { type CameraState, cameraAt } from '../reading/camera.ts';
import { type Direction, readPrompt } from '../reading/prompt.ts';
import { lightFor } from '../scenes/light.ts';
import { textScene } from '../scenes/text-scene.ts';
import { makeWeather } from '../scenes/weather.ts';
import { atDepth, type World } from '../scenes/world.ts';
import { recordSound } from '../sound/score.ts';
import type { FusionReference, FusionSource } from '../source.ts';
import { openCutout } from '../subject/cutout.ts';
import { Figure, poseAt } from './figure.ts';
import { type Role, readScript, type Spot, stage, withoutCalls } from './script.ts';

const FAST = 1.5;

/** How much the camera moves what stands at a spot. */
const nearness = ({ depth }: Spot): number => 0.35 + 0.5 * depth;

interface Actor {
  readonly figure: Figure;
  readonly role: Role<FusionReference>;
  readonly spot: Spot;
  readonly phase: number;
}

/** Throws MediaError `bad_image`. */
export async function fusionScene(source: FusionSource, format: ClipFormat): Promise<FrameSource> {
  const { width, height, fps, durationSeconds } = format;
  const scenery = withoutCalls(source.prompt, source.references);
  const backdrop = await openBackdrop(source, scenery, format);
  const random = new Random(source.seed, 'fusion');
  const { direction, ambient } = backdrop;
  const world: World = {
    width,
    height,
    unit: Math.min(width, height),
    random,
    noises: makeNoises(random.fork('noises')),
    light: lightFor(direction, random.fork('light')),
    direction,
  };
  const subjects = source.references.filter(({ role }) => role === 'subject');
  const roles = readScript(source.prompt, subjects);
  const spots = stage(roles);
  const actors: Actor[] = [];
  for (const [index, role] of roles.entries()) {
    const spot = spots[index] as Spot;
    const cutout = await openCutout(role.reference.imagePath);
    const figure = new Figure(cutout, spot, format, ambient);
    actors.push({ figure, role, spot, phase: random.range(0, 2) });
  }
  // The far ones first, so that the near ones stand before them.
  actors.sort((one, other) => one.spot.depth - other.spot.depth);
  const weather = makeWeather(world);
  const finish = makeFinish(width, height, random, { vignette: 0.2, bloom: 0.12, grain: false });
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  return {
    scene: `fusion in ${backdrop.scene}`,
    sound: backdrop.sound,
    paint(index, frame) {
      const { context } = frame;
      const progress = frames === 1 ? 0 : index / (frames - 1);
      const time = (index / fps) * (direction.fast ? FAST : 1);
      const camera = backdrop.paint(index, frame, progress);
      const posed = actors.map(actor => ({ ...actor, pose: poseAt(actor.role, time, progress, actor.phase) }));
      for (const { figure, spot, pose } of posed)
        atDepth(context, world, camera, nearness(spot), () => figure.drawShadow(context, frame, pose));
      for (const { figure, spot, pose } of posed)
        atDepth(context, world, camera, nearness(spot), () => figure.draw(context, frame, pose));
      weather.paint(context, { time, progress, camera });
      finish.apply(context, index);
    },
  };
}

// What a fusion plays in front of: the background pictures side by side and grown together, or a scene drawn from the words.

export interface Backdrop {
  readonly scene: string;
  readonly direction: Direction;
  /** The colour of the light in it. */
  readonly ambient: Color;
  readonly sound: NonNullable<FrameSource['sound']>;
  /** Paints frame `index` and says where the camera is in it. */
  paint(index: number, frame: Parameters<FrameSource['paint']>[1], progress: number): CameraState;
}

/** The share of a picture's width over which it goes over into the next. */
const SEAM = 0.16;

/** Throws MediaError `bad_image`. `scenery` is the prompt without its calls. */
export async function openBackdrop(source: FusionSource, scenery: string, format: ClipFormat): Promise<Backdrop> {
  const { seed, cameraMovement, motion } = source;
  const words = { prompt: scenery, seed, ...(cameraMovement && { cameraMovement }), ...(motion && { motion }) };
  const direction = readPrompt(words);
  const random = new Random(seed, 'backdrop');
  const sound: Backdrop['sound'] = (rate, samples) => recordSound({ random, direction }, rate, samples);
  const cameraOf = (progress: number): CameraState => cameraAt(direction.move, progress, direction.fast);
  const paths = source.references.filter(({ role }) => role === 'background').map(({ imagePath }) => imagePath);
  if (paths.length === 0) {
    const drawn = textScene({ kind: 'text', ...words }, format);
    return {
      scene: drawn.scene,
      direction,
      ambient: ambientOf(drawn, format),
      sound,
      paint(index, frame, progress) {
        void drawn.paint(index, frame);
        return cameraOf(progress);
      },
    };
  }
  const picture = await panorama(paths, format.width, format.height);
  const still = new Still(picture);
  return {
    scene: 'picture',
    direction,
    ambient: meanColor(picture),
    sound,
    paint(_, { context }, progress) {
      const camera = cameraOf(progress);
      // Moved in by a twelfth, so that the camera has somewhere to go.
      context.drawImage(still.at({ push: 0.12 + 0.8 * (camera.zoom - 1), x: camera.x * 0.4, y: camera.y * 0.4 }), 0, 0);
      return camera;
    },
  };
}

/** Each picture covers its own part of the frame and a little of its neighbours', into which it fades. */
async function panorama(paths: readonly string[], width: number, height: number): Promise<DecodedImage> {
  const part = width / paths.length;
  const seam = Math.round(part * SEAM);
  if (paths.length === 1) return openImage(paths[0] as string, width, height);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  for (const [index, path] of paths.entries()) {
    const left = Math.max(0, Math.round(index * part) - seam);
    const right = Math.min(width, Math.round((index + 1) * part) + seam);
    const piece = canvasOf(await openImage(path, right - left, height));
    if (index > 0) {
      const pen = piece.getContext('2d');
      const fade = pen.createLinearGradient(0, 0, 2 * seam, 0);
      fade.addColorStop(0, 'rgba(0, 0, 0, 0)');
      fade.addColorStop(1, 'rgba(0, 0, 0, 1)');
      pen.globalCompositeOperation = 'destination-in';
      pen.fillStyle = fade;
      pen.fillRect(0, 0, piece.width, height);
    }
    context.drawImage(piece, left, 0);
  }
  return { pixels: new Uint32Array(context.getImageData(0, 0, width, height).data.buffer), width, height };
}

/** The mean colour of the drawn scene's first frame. */
function ambientOf(drawn: FrameSource, { width, height }: ClipFormat): Color {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  void drawn.paint(0, { canvas, context, width, height });
  return meanColor({ pixels: new Uint32Array(context.getImageData(0, 0, width, height).data.buffer), width, height });
}
