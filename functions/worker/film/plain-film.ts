/** A film shown as it is. */
import { ImageData } from '@napi-rs/canvas';
import type { FilmReader } from '../studio/film-reader.ts';
import type { FrameCanvas, FrameSource, Stereo } from '../studio/frame-source.ts';
import { fitted } from '../studio/sound-reader.ts';

/** `film` must have been opened at the size of the frames that are painted. */
export function plainFilm(scene: string, film: Pick<FilmReader, 'readFrame'>, heard: Stereo | undefined): FrameSource {
  const show = framePainter();
  return {
    scene,
    paint: async (index, frame) => show(frame, await film.readFrame(index)),
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
  };
}

/** Puts RGBA pixels of the frame's own size on it. */
export function framePainter(): (frame: FrameCanvas, pixels: Uint8ClampedArray) => void {
  let image: ImageData | undefined;
  return ({ context, width, height }, pixels) => {
    image ??= new ImageData(width, height);
    image.data.set(pixels);
    context.putImageData(image, 0, 0);
  };
}

export function fittedStereo([left, right]: Stereo, samples: number): Stereo {
  return [fitted(left, samples), fitted(right, samples)];
}
