/** Swap: the film, with the caller's picture in the place of what one mask selects. */
import { ImageData } from '@napi-rs/canvas';
import { fittedStereo } from '../../film/plain-film.ts';
import type { FrameSource } from '../../studio/frame-source.ts';
import type { StudioJob, SwapSource } from '../../studio/job.ts';
import { SAMPLE_RATE } from '../../studio/sound-encoder.ts';
import { putIn } from './put-in.ts';
import { StudiedFilm } from './studied-film.ts';

/** Throws StudioError `bad_media`, `bad_image` or `bad_mask`. */
export async function swapInFilm(source: SwapSource, job: Omit<StudioJob, 'source'>): Promise<FrameSource> {
  const film = await StudiedFilm.open(source.filmPath, job);
  const mask = film.mask(source.maskId);
  const put = await putIn(film, mask, source.imagePath);
  const sound = source.keepOriginal ? await film.reader.sound(SAMPLE_RATE) : undefined;
  const image = new ImageData(job.output.width, job.output.height);
  return {
    scene: `swap of ${mask.name}`,
    ...(sound && { sound: (_rate: number, samples: number) => fittedStereo(sound, samples) }),
    async paint(index, { context }) {
      image.data.set(await film.reader.readFrame(index));
      put(index, image.data, mask.alpha(index, image.data));
      context.putImageData(image, 0, 0);
    },
  };
}
