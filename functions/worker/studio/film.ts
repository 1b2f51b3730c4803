/**
 * One clip from one frame source: paint, label, encode. Painting holds this thread while conversion and x264 run on theirs, so the two
 * overlap; at most `IN_FLIGHT` frames wait, which bounds the memory.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { CodecContext, Packet } from 'node-av/lib';
import type { FrameCanvas, FrameSource } from './frame-source.ts';
import type { StudioJob, StudioResult } from './job.ts';
import { prepareLabel } from './label.ts';
import { Movie } from './movie.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { encodeSound, openSoundEncoder, SAMPLE_RATE } from './sound-encoder.ts';
import { Spritesheet } from './spritesheet.ts';
import { encodePicture } from './still-picture.ts';

const IN_FLIGHT = 4;
/** The thumbnail shows the clip a third of the way in: the opening may still be settling. */
const THUMBNAIL_AT = 1 / 3;
const THUMBNAIL_QUALITY = 86;

interface Sound {
  readonly codec: CodecContext;
  readonly packets: Packet[];
}

/** Films `source` into `video.mp4`, `thumbnail.jpg` and `spritesheet.jpg` in the job's directory. `onProgress` gets the fraction of frames taken, 0 to 1. */
export async function film(
  job: StudioJob,
  source: FrameSource,
  onProgress: (fraction: number) => void,
): Promise<StudioResult> {
  const { width, height, fps, durationSeconds, audio } = job.output;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const videoPath = join(job.directory, 'video.mp4');
  const thumbnailPath = join(job.directory, 'thumbnail.jpg');
  const spritesheetPath = join(job.directory, 'spritesheet.jpg');
  const canvas = createCanvas(width, height);
  const frame: FrameCanvas = { canvas, context: canvas.getContext('2d'), width, height };
  const label = prepareLabel(source.untouched ? '' : job.label.text, width, height);

  const sound = audio ? await recordSound(source, Math.round((frames / fps) * SAMPLE_RATE)) : null;
  let movie: Movie | undefined;
  const picture = await PictureEncoder.open({ width, height, fps }, async packet => movie?.addVideo(packet));
  movie = await Movie.create(videoPath, picture.codec, sound, job.metadata);
  sound?.codec.freeContext();

  const sprites = new Spritesheet(frames, width, height);
  const thumbnailFrame = Math.floor(frames * THUMBNAIL_AT);
  const waiting: Promise<void>[] = [];
  let last = Promise.resolve();
  for (let index = 0; index < frames; index++) {
    await source.paint(index, frame);
    label.stamp(frame);
    if (index === thumbnailFrame) await writeFile(thumbnailPath, await thumbnailOf(canvas, frames, job));
    sprites.take(index, canvas);
    const taken = picture.take(frame);
    last = last.then(() => picture.encode(index, taken));
    waiting.push(last);
    if (waiting.length >= IN_FLIGHT) await waiting.shift();
    onProgress((index + 1) / frames);
  }
  await last;
  await picture.finish();
  await movie.finish();

  await writeFile(spritesheetPath, sprites.encode());
  const bytes = await readFile(videoPath);
  return {
    videoPath,
    thumbnailPath,
    spritesheetPath,
    width,
    height,
    frames,
    durationSeconds: frames / fps,
    fps,
    hasAudio: sound !== null,
    bytes: bytes.length,
    scene: source.scene,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(source.masks && { masks: source.masks }),
  };
}

/** A film of one frame is a picture, and this is how it is delivered. */
async function thumbnailOf(canvas: Canvas, frames: number, { metadata }: StudioJob): Promise<Buffer> {
  return frames === 1 ? encodePicture(canvas, metadata) : canvas.encodeSync('jpeg', THUMBNAIL_QUALITY);
}

/** The source's own sound, in packets; null where it has none. */
async function recordSound(source: FrameSource, samples: number): Promise<Sound | null> {
  const heard = await source.sound?.(SAMPLE_RATE, samples);
  if (heard === undefined) return null;
  const codec = await openSoundEncoder();
  return { codec, packets: await encodeSound(codec, ...heard) };
}
