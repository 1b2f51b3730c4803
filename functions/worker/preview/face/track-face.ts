/** Where the mouth is at each moment of a video: looked for a few times a second, outliers dropped, smoothed. */
import type { VideoReader } from '../../media/video-reader.ts';
import { type FaceGuess, findFace, type Pixels } from './find-face.ts';
import type { Spot } from './mouth-painter.ts';

/** Looks a second. */
export const LOOKS_PER_SECOND = 6;
/** Where fewer of the looks than this find a face, the video has none. */
const FEW = 0.25;
const MEDIAN_REACH = 2;
const SMOOTH_REACH = 2;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly bare: number;
}

/** A mouth's place at `seconds` in a picture of `width` x `height` pixels. */
export type MouthPlaces = (seconds: number, width: number, height: number) => Spot;

/** Follows the face through a video that was opened small and at `LOOKS_PER_SECOND`. */
export async function trackFace(video: VideoReader, size: { width: number; height: number }): Promise<MouthPlaces> {
  const guesses: FaceGuess[] = [];
  for (let look = 0; look < video.frames; look++) {
    const picture: Pixels = { pixels: await video.readFrame(look), ...size };
    guesses.push(findFace(picture, guesses.at(-1)));
  }
  return followed(guesses);
}

/** Between guesses made `LOOKS_PER_SECOND` times a second. Pure. */
export function followed(guesses: readonly FaceGuess[]): MouthPlaces {
  const faces = guesses.filter(({ confidence }) => confidence > 0);
  const known = faces.length >= Math.max(1, guesses.length * FEW);
  const filled: Place[] = [];
  for (const guess of guesses) {
    const usable = !known || guess.confidence > 0;
    const before = filled.at(-1);
    filled.push(usable ? placeOf(guess) : (before ?? placeOf(faces[0] ?? guess)));
  }
  const smooth = smoothed(medians(filled));
  return (seconds, width, height) => {
    const at = Math.min(smooth.length - 1, Math.max(0, seconds * LOOKS_PER_SECOND));
    const low = smooth[Math.floor(at)] as Place;
    const high = smooth[Math.ceil(at)] as Place;
    const between = (of: keyof Place): number => low[of] + (high[of] - low[of]) * (at % 1);
    return {
      x: between('x') * width,
      y: between('y') * height,
      half: (between('width') * width) / 2,
      bare: between('bare'),
    };
  };
}

/** A face mostly has lips of its own; any other thing has none. */
export function placeOf({ mouth, confidence }: FaceGuess): Place {
  const { x, y, width, seen } = mouth;
  return { x, y, width, bare: confidence === 0 ? 1 : seen ? 0 : 0.6 };
}

function medians(places: readonly Place[]): Place[] {
  return mapFields(places, MEDIAN_REACH, near => near.toSorted((a, b) => a - b)[near.length >> 1] as number);
}

function smoothed(places: readonly Place[]): Place[] {
  return mapFields(places, SMOOTH_REACH, near => near.reduce((sum, value) => sum + value, 0) / near.length);
}

function mapFields(places: readonly Place[], reach: number, of: (near: number[]) => number): Place[] {
  return places.map((_, at) => {
    // The same reach to both sides, so that the ends do not lag behind a moving face.
    const sides = Math.min(reach, at, places.length - 1 - at);
    const near = places.slice(at - sides, at + sides + 1);
    const field = (name: keyof Place): number => of(near.map(place => place[name]));
    return { x: field('x'), y: field('y'), width: field('width'), bare: field('bare') };
  });
}
