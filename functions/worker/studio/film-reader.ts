/**
 * Any film as frames of one size at one rate, and its sound. Invariants:
 * - frame n is the source's frame nearest in time to n / fps from its first frame: no blending, nothing invented;
 * - pixels are upright, square, opaque RGBA, covering the wanted size around the middle;
 * - going forward decodes each frame once; going back starts the file again, which is slow and always right.
 */
import type { Frame } from 'node-av/lib';
import { type Survey, surveyFilm } from './film-survey.ts';
import { FrameScaler } from './frame-scaler.ts';
import type { Stereo } from './frame-source.ts';
import { badMedia, closeMedia, type MediaInput, openMedia } from './media-input.ts';
import { readFilmSound, readSoundTrack } from './sound-reader.ts';
import { TrackDecoder } from './track-decoder.ts';

export interface FilmSize {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

export interface FilmReader {
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
  /** Exactly as long as the film, in step with it; undefined where it has no sound track. */
  sound(sampleRate: number): Promise<Stereo | undefined>;
  close(): Promise<void>;
}

/** Opens a film to be read at `size`. Throws StudioError `bad_media` where it has no picture that can be decoded. */
export async function openFilm(path: string, size: FilmSize): Promise<FilmReader> {
  const reader = new Reader(path, size, await surveyFilm(path));
  try {
    await reader.begin();
    return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** The sound of an audio file (or of a film) as stereo. Throws StudioError `bad_media` where it has none that can be decoded. */
export async function readSound(path: string, sampleRate: number): Promise<Stereo> {
  return readSoundTrack(path, sampleRate);
}

class Reader implements FilmReader {
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

  constructor(path: string, size: FilmSize, survey: Survey) {
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
    return readFilmSound(this.path, sampleRate, this.survey.starts, this.survey.seconds);
  }

  async close(): Promise<void> {
    await this.stop();
    this.scaler.close();
  }

  private async at(time: number): Promise<Uint8ClampedArray> {
    if (this.shown === undefined || time < this.shown.time - 0.5 / this.fps) await this.begin();
    for (let next = this.following; next !== undefined; next = this.following) {
      // A frame that is as near as the next one stays: this is also what keeps a film of the same rate frame for frame.
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
