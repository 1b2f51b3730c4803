/**
 * Mimic: the caller's picture moves as a film does. Where the film's camera goes, the whole picture goes; how whoever acts in it moves,
 * what stands out in the picture moves; what stirs in a place stirs in the same place. A film in which nothing moves leaves it calm.
 */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { openVideo } from '../../media/video-reader.ts';
import { DepthMap } from '../picture/depth.ts';
import { openPicture, type Picture } from '../picture/open-picture.ts';
import { type Field, Warp } from '../picture/warp.ts';
import type { MimicSource } from '../source.ts';
import { type Actor, actorOf } from '../subject/cutout.ts';
import { motionOf } from './film-motion.ts';
import { type FilmMotion, type Pose, posesOf } from './motion-path.ts';

/** The warp works at most this fine on its short side; the canvas raises the rest. */
const MOST_SHORT_SIDE = 720;

/** Throws MediaError `bad_media` or `bad_image`. */
export async function mimicFilm(
  { videoPath, imagePath }: MimicSource,
  { format: { width, height, fps } }: RenderOutput,
): Promise<FrameSource> {
  const found = await motionOf(videoPath, fps);
  const film = await openVideo(videoPath, { width: 16, height: 16, fps });
  const heard = await film.sound(SAMPLE_RATE);
  await film.close();
  const scale = Math.min(1, MOST_SHORT_SIDE / Math.min(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const whole = await openPicture(imagePath, w, h);
  const acts = actorOf(whole) !== undefined;
  const motion = posesOf(found, acts);
  const shown = shownOf(motion);
  const picture = await openPicture(imagePath, Math.ceil(w / shown), Math.ceil(h / shown));
  const actor = acts ? actorOf(picture) : undefined;
  const warp = new Warp(actor?.behind ?? picture, w, h);
  const small = createCanvas(w, h);
  const image = new ImageData(w, h);
  const target = new Uint32Array(image.data.buffer, image.data.byteOffset, w * h);
  const lowest = motion.poses.reduce((low, pose) => Math.min(low, pose.actor.y), 0);
  return {
    scene: 'picture that follows a film',
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    paint(index, { context }) {
      const pose = motion.poses[Math.min(motion.poses.length - 1, index)] as Pose;
      const field = fieldOf(pose, motion, w / h, shown);
      warp.render(field, target);
      small.getContext('2d').putImageData(image, 0, 0);
      context.drawImage(small, 0, 0, width, height);
      if (actor) drawActor(context, actor, pose, shown, picture, actor.cutBelow ? -lowest : 0);
    },
  };
}

/** How much of the picture is shown where the film's zoom is at its middle: what its camera uncovers is kept back. */
function shownOf({ poses }: FilmMotion): number {
  const most = (of: (pose: Pose) => number): number => poses.reduce((high, pose) => Math.max(high, of(pose)), 0);
  const way = most(({ camera }) => Math.max(Math.abs(camera.x), Math.abs(camera.y)));
  const roll = most(({ camera }) => Math.abs(camera.roll));
  const out = most(({ camera }) => -camera.zoom);
  return (1 - 2 * way - roll - 0.015) * Math.exp(-out);
}

function fieldOf({ camera, stir }: Pose, { columns, rows }: FilmMotion, aspect: number, atRest: number): Field {
  const plane = (axis: number): DepthMap =>
    new DepthMap(
      columns,
      rows,
      Float32Array.from({ length: columns * rows }, (_, block) => stir[block * 2 + axis] ?? 0),
    );
  const [stirX, stirY] = [plane(0), plane(1)];
  const shown = atRest * Math.exp(-camera.zoom);
  const [cos, sin] = [Math.cos(camera.roll), Math.sin(camera.roll)];
  return (x, y, out) => {
    // A thing that moved right is found to the left of where it is.
    const dx = (x - 0.5 - camera.x - stirX.at(x, y)) * shown;
    const dy = (y - 0.5 - camera.y - stirY.at(x, y)) * shown;
    out.x = 0.5 + dx * cos + (dy * sin) / aspect;
    out.y = 0.5 + dy * cos - dx * sin * aspect;
  };
}

/** The same way round: where the picture's points come to be, and the actor's own way with them. */
function drawActor(
  context: SKRSContext2D,
  { canvas, left, top }: Actor,
  { camera, actor }: Pose,
  atRest: number,
  picture: Picture,
  lowered: number,
): void {
  const { width, height } = context.canvas;
  const grown = Math.exp(camera.zoom) / atRest;
  context.save();
  context.imageSmoothingQuality = 'high';
  context.translate((0.5 + camera.x + actor.x) * width, (0.5 + camera.y + actor.y + lowered) * height);
  context.rotate(camera.roll);
  context.scale((grown * width) / picture.width, (grown * height) / picture.height);
  context.translate(-picture.width / 2, -picture.height / 2);
  context.drawImage(canvas, left, top);
  context.restore();
}
