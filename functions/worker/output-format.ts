/** The size, length and tracks of the clip that a request asks for. Pure. */
import { type FrameSize, frameSize, frameSizeForImage } from '../generation/frame-size.ts';
import type { VideoFunction, VideoRequest } from '../generation/job.ts';
import type { FilmInput, Inputs } from './inputs.ts';
import type { ClipFormat } from './media/frame-source.ts';

const FRAMES_PER_SECOND = 24;

/** What decides the frame: the film's own size; the film's aspect or the picture's at the quality asked for; or the request's aspect. */
const SIZED_BY: Readonly<Record<VideoFunction, 'film' | 'film_aspect' | 'picture' | 'request'>> = {
  text_to_video: 'request',
  image_to_video: 'request',
  transition: 'request',
  multi_transition: 'request',
  fusion: 'request',
  extend: 'film_aspect',
  lip_sync: 'film',
  sound_effect: 'film',
  restyle: 'film',
  mask_selection: 'film',
  swap: 'film_aspect',
  mimic: 'picture',
  modify: 'film_aspect',
  upscale: 'film_aspect',
  avatar: 'picture',
  image_template: 'request',
};

/** Functions that keep the film's own sound where it has some. */
const KEEPS_SOUND: ReadonlySet<VideoFunction> = new Set(['extend', 'restyle', 'upscale', 'swap', 'modify', 'mimic']);

/** A film's own size is kept up to 1080p and 2.4:1; the short side is long enough for the label to be read. */
const MOST_LINES = 1080;
const LONGEST_SIDE = 2592;
const FEWEST_LINES = 64;

export function outputFormat(request: VideoRequest, { pictures, film }: Pick<Inputs, 'pictures' | 'film'>): ClipFormat {
  const { function: wanted, audio, voice } = request;
  const kept = KEEPS_SOUND.has(wanted) && film?.hasAudio === true;
  return {
    ...sizeOf(request, pictures[0], film),
    fps: FRAMES_PER_SECOND,
    durationSeconds: secondsOf(request, film),
    audio: audio || voice !== undefined || kept || wanted === 'sound_effect',
  };
}

function secondsOf({ function: wanted, durationSeconds }: VideoRequest, film: FilmInput | undefined): number {
  // One frame: the key frame, or the picture.
  if (wanted === 'mask_selection' || wanted === 'image_template') return 1 / FRAMES_PER_SECOND;
  // The stitched film: what there was, and what was asked for.
  return wanted === 'extend' && film ? film.durationSeconds + durationSeconds : durationSeconds;
}

function sizeOf(
  { function: wanted, quality, aspectRatio }: VideoRequest,
  picture: FrameSize | undefined,
  film: FilmInput | undefined,
): FrameSize {
  const by = SIZED_BY[wanted];
  if (by === 'film' && known(film)) return ownSize(film);
  if (by === 'film_aspect' && known(film)) return frameSizeForImage(quality, film.width, film.height);
  if (picture && (by === 'picture' || aspectRatio === undefined))
    return frameSizeForImage(quality, picture.width, picture.height);
  return frameSize(quality, aspectRatio ?? '16:9');
}

/** An uploaded film may not have said how large it is. */
function known(film: FilmInput | undefined): film is FilmInput {
  return film !== undefined && film.width > 0 && film.height > 0;
}

function ownSize({ width, height }: FrameSize): FrameSize {
  const short = Math.min(width, height);
  const shrink = Math.min(1, MOST_LINES / short, LONGEST_SIDE / Math.max(width, height));
  const scale = Math.max(shrink, FEWEST_LINES / short);
  const even = (length: number): number => 2 * Math.round((length * scale) / 2);
  return { width: even(width), height: even(height) };
}
