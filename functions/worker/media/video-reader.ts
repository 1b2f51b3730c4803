/**
 * Any video as frames of one size at one rate, and its sound. Invariants:
 * - frame n is the source's frame nearest in time to n / fps from its first frame: no blending, nothing invented;
 * - pixels are upright, square, opaque RGBA, covering the wanted size around the middle;
 * - going forward decodes each frame once; going back starts the file again, which is slow and always right.
 */

import { AV_NOPTS_VALUE, AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import { type Frame, Packet, type Stream } from 'node-av/lib';
import { readSoundTrack, readVideoAudio } from './audio-reader.ts';
import { FrameScaler, type Orientation, orientationOf } from './frame-scaler.ts';
import type { Stereo } from './frame-source.ts';
import { badMedia } from './media-error.ts';
import { closeMedia, type MediaInput, openMedia, TrackDecoder } from './media-file.ts';

export interface VideoSize {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

export interface VideoReader {
  /** At the wanted rate. */
  readonly frames: number;
  readonly durationSeconds: number;
  /** The source's own, as it is shown: upright and with square pixels. */
  readonly width: number;
  readonly height: number;
  /** What the file says about itself. */
  readonly metadata: Readonly<Record<string, string>>;
  /** RGBA at the wanted size; beyond the end the last frame. The array is used again by the next read. */
  readFrame(index: number): Promise<Uint8ClampedArray>;
  /** The very last frame, whatever the rate. */
  lastFrame(): Promise<Uint8ClampedArray>;
  /** Exactly as long as the video, in step with it; undefined where it has no sound track. */
  sound(sampleRate: number): Promise<Stereo | undefined>;
  close(): Promise<void>;
}

/** Opens a video to be read at `size`. Throws MediaError `bad_media` where it has no picture that can be decoded. */
export async function openVideo(path: string, size: VideoSize): Promise<VideoReader> {
  const reader = new Reader(path, size, await surveyVideo(path));
  try {
    await reader.begin();
    return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** The sound of an audio file (or of a video) as stereo. Throws MediaError `bad_media` where it has none that can be decoded. */
export async function readAudio(path: string, sampleRate: number): Promise<Stereo> {
  return readSoundTrack(path, sampleRate);
}

class Reader implements VideoReader {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: Readonly<Record<string, string>>;
  private readonly path: string;
  private readonly fps: number;
  private readonly survey: Survey;
  private readonly scaler: FrameScaler;
  private readonly pixels: Uint8ClampedArray;
  private media: MediaInput | undefined;
  private decoder: TrackDecoder | undefined;
  /** The frame on show and the one after it; time is seconds from the first frame. */
  private shown: { frame: Frame; time: number } | undefined;
  private following: { frame: Frame; time: number } | undefined;

  constructor(path: string, size: VideoSize, survey: Survey) {
    this.path = path;
    this.fps = size.fps;
    this.survey = survey;
    this.width = survey.width;
    this.height = survey.height;
    this.metadata = survey.metadata;
    this.durationSeconds = survey.seconds;
    this.frames = Math.max(1, Math.round(survey.seconds * size.fps));
    this.scaler = new FrameScaler(size.width, size.height, survey.orientation);
    this.pixels = new Uint8ClampedArray(size.width * size.height * 4);
  }

  /** Starts the file from its beginning and decodes its first frame. */
  async begin(): Promise<void> {
    await this.stop();
    this.media = await openMedia(this.path);
    const { picture } = this.media;
    if (picture === undefined) throw badMedia('it has lost its picture track');
    this.decoder = await TrackDecoder.open(this.media.format, picture);
    this.shown = await this.decode(0);
    if (this.shown === undefined) throw badMedia('none of its frames can be decoded');
    this.following = await this.decode(this.shown.time);
  }

  async readFrame(index: number): Promise<Uint8ClampedArray> {
    return this.at(index / this.fps);
  }

  async lastFrame(): Promise<Uint8ClampedArray> {
    return this.at(Number.POSITIVE_INFINITY);
  }

  async sound(sampleRate: number): Promise<Stereo | undefined> {
    return readVideoAudio(this.path, sampleRate, this.survey.starts, this.survey.seconds);
  }

  async close(): Promise<void> {
    await this.stop();
    this.scaler.close();
  }

  private async at(time: number): Promise<Uint8ClampedArray> {
    if (this.shown === undefined || time < this.shown.time - 0.5 / this.fps) await this.begin();
    for (let next = this.following; next !== undefined; next = this.following) {
      // A frame that is as near as the next one stays: this is also what keeps a video of the same rate frame for frame.
      if (this.shown !== undefined && next.time - time >= time - this.shown.time) break;
      this.shown?.frame.free();
      this.shown = next;
      this.following = await this.decode(next.time);
    }
    if (this.shown === undefined) throw badMedia('it has no frame to show');
    await this.scaler.render(this.shown.frame, this.survey.aspect, this.pixels);
    return this.pixels;
  }

  private async decode(before: number): Promise<{ frame: Frame; time: number } | undefined> {
    const frame = (await this.decoder?.next()) ?? null;
    if (frame === null) return undefined;
    const time = (this.decoder?.secondsOf(frame) ?? Number.NaN) - this.survey.starts;
    return { frame, time: Number.isNaN(time) ? before + 1 / this.fps : time };
  }

  private async stop(): Promise<void> {
    this.shown?.frame.free();
    this.following?.frame.free();
    this.shown = undefined;
    this.following = undefined;
    this.decoder?.close();
    this.decoder = undefined;
    if (this.media !== undefined) await closeMedia(this.media);
    this.media = undefined;
  }
}

// What a video is, from its packets themselves: what a header declares may be missing or false. Nothing is decoded.

export interface Survey {
  /** Seconds on the file's clock at which the first frame is shown. */
  readonly starts: number;
  /** From the first frame to the end of the last. */
  readonly seconds: number;
  /** As it is shown: upright and with square pixels. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** The width of a stored pixel over its height. */
  readonly aspect: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws MediaError `bad_media` where the file has no picture track of a known codec. */
export async function surveyVideo(path: string): Promise<Survey> {
  const media = await openMedia(path);
  try {
    const { picture, format } = media;
    if (picture === undefined) throw badMedia('it has no picture track of a known codec');
    const orientation = orientationOf(picture);
    const aspect = pixelAspect(picture);
    const across = Math.round(picture.codecpar.width * aspect);
    const down = picture.codecpar.height;
    return {
      ...(await measure(media, picture)),
      width: orientation.sideways ? down : across,
      height: orientation.sideways ? across : down,
      orientation,
      aspect,
      metadata: format.metadata?.getAll() ?? {},
    };
  } finally {
    await closeMedia(media);
  }
}

async function measure({ format }: MediaInput, picture: Stream): Promise<Pick<Survey, 'starts' | 'seconds'>> {
  const { num, den } = picture.timeBase;
  const rate = picture.avgFrameRate.num / picture.avgFrameRate.den || 24;
  const packet = new Packet();
  packet.alloc();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  while ((await format.readFrame(packet)) >= 0) {
    const counts = packet.streamIndex === picture.index && (packet.flags & AV_PKT_FLAG_DISCARD) === 0;
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (counts && stamp !== AV_NOPTS_VALUE) {
      const shown = (Number(stamp) * num) / den;
      first = Math.min(first, shown);
      if (shown > last) {
        last = shown;
        end = shown + ((Number(packet.duration) * num) / den || 1 / rate);
      }
    }
    packet.unref();
  }
  packet.free();
  if (!(end > first)) throw badMedia('its picture track is empty');
  return { starts: first, seconds: end - first };
}

function pixelAspect(picture: Stream): number {
  const { num, den } = picture.codecpar.sampleAspectRatio;
  const aspect = num / den;
  return aspect > 0.1 && aspect < 10 ? aspect : 1;
}
