/** Swap: the film, with the caller's picture in the place of what one mask selects. */
import { ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import type { SwapSource } from '../source.ts';
import { putIn } from './put-in.ts';
import { StudiedFilm } from './studied-film.ts';

/** Throws MediaError `bad_media`, `bad_image` or `bad_mask`. */
export async function swapInFilm(source: SwapSource, output: RenderOutput): Promise<FrameSource> {
  const film = await StudiedFilm.open(source.videoPath, output);
  const mask = film.mask(source.maskId);
  const put = await putIn(film, mask, source.imagePath);
  const sound = source.keepOriginal ? await film.reader.sound(SAMPLE_RATE) : undefined;
  const image = new ImageData(output.format.width, output.format.height);
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
