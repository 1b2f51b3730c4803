/**
 * Mimic: the caller's picture moves as a video does. Where the video's camera goes, the whole picture goes; how whoever acts in it moves,
 * what stands out in the picture moves. A video in which nothing moves leaves it calm.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { canvasOf, openImage } from '../../media/open-image.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { openVideo } from '../../media/video-reader.ts';
import type { MimicSource } from '../source.ts';
import { actorOf } from '../subject/cutout.ts';
import { type FoundMotion, type MotionStep, motionOf } from './motion.ts';

/** Throws MediaError `bad_media` or `bad_image`. */
export async function mimicVideo(
  { videoPath, imagePath }: MimicSource,
  { format: { width, height, fps } }: RenderOutput,
): Promise<FrameSource> {
  const found = await motionOf(videoPath, fps);
  const video = await openVideo(videoPath, { width: 16, height: 16, fps });
  const heard = await video.sound(SAMPLE_RATE);
  await video.close();
  const acts = actorOf(await openImage(imagePath, width, height)) !== undefined;
  const poses = posesOf(found, acts);
  const shown = shownOf(poses);
  const picture = await openImage(imagePath, Math.ceil(width / shown), Math.ceil(height / shown));
  const actor = acts ? actorOf(picture) : undefined;
  const behind = canvasOf(actor?.behind ?? picture);
  const lowest = poses.reduce((low, pose) => Math.min(low, pose.actor.y), 0);
  const lowered = actor?.cutBelow ? -lowest : 0;
  const withPose = (
    context: SKRSContext2D,
    { x, y }: { x: number; y: number },
    { zoom, roll }: Pose['camera'],
    draw: () => void,
  ): void => {
    context.save();
    context.imageSmoothingQuality = 'high';
    context.translate((0.5 + x) * width, (0.5 + y) * height);
    context.rotate(roll);
    context.scale(Math.exp(zoom), Math.exp(zoom));
    context.translate(-picture.width / 2, -picture.height / 2);
    draw();
    context.restore();
  };
  return {
    scene: 'picture that follows a video',
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    paint(index, { context }) {
      const { camera, actor: step } = poses[Math.min(poses.length - 1, index)] as Pose;
      withPose(context, camera, camera, () => context.drawImage(behind, 0, 0));
      if (!actor) return;
      const at = { x: camera.x + step.x, y: camera.y + step.y + lowered };
      withPose(context, at, camera, () => context.drawImage(actor.canvas, actor.left, actor.top));
    },
  };
}

/** How much of the picture is shown where the video's zoom is at its middle: what its camera uncovers is kept back. */
function shownOf(poses: readonly Pose[]): number {
  const most = (of: (pose: Pose) => number): number => poses.reduce((high, pose) => Math.max(high, of(pose)), 0);
  const way = most(({ camera }) => Math.max(Math.abs(camera.x), Math.abs(camera.y)));
  const roll = most(({ camera }) => Math.abs(camera.roll));
  const out = most(({ camera }) => -camera.zoom);
  return (1 - 2 * way - roll - 0.015) * Math.exp(-out);
}

/** Where things are at a frame, in fractions of the video's width and height from where they are in the middle of their way. */
interface Pose {
  readonly camera: { readonly x: number; readonly y: number; readonly zoom: number; readonly roll: number };
  /** How far whoever acts has moved besides. */
  readonly actor: { readonly x: number; readonly y: number };
}

/** A picture gives room for this much at most: fractions of the frame, the logarithm of a zoom, radians. */
const ROOM = { camera: 0.085, actor: 0.11, zoom: 0.3, roll: 0.12 } as const;
/** Frames over which paths are smoothed, as the spread of a bell. */
const SPREAD = 1.6;

/** Where nobody `acts` in the picture, all of it does what whoever acts in the video does. */
function posesOf({ steps, width, height }: FoundMotion, acts: boolean): Pose[] {
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
  return cameraX.map((x, index) => ({
    camera: { x, y: cameraY[index] as number, zoom: zoom[index] as number, roll: roll[index] as number },
    actor: { x: actorX[index] as number, y: actorY[index] as number },
  }));
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
