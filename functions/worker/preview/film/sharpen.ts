/** A little of what scaling up took from edges, given back: brightness is raised where it differs from its surroundings. */
import type { VideoReader, VideoSize } from '../../media/video-reader.ts';
import { boxBlur, lumaOf } from '../planes.ts';

/** Light on purpose: more makes rings around edges and wakes coding noise. */
const AMOUNT = 0.5;
/** Differences up to this many levels are taken for noise. */
const NOISE = 1.5;

/** `film` (opened at `size`) with every frame sharpened, as wide as scaling has blurred it. */
export function sharpened(film: VideoReader, size: VideoSize): Pick<VideoReader, 'readFrame'> {
  const luma = new Float32Array(size.width * size.height);
  const around = luma.slice();
  const scratch = luma.slice();
  const scale = Math.max(size.width / film.width, size.height / film.height);
  const reach = Math.max(1, Math.round(scale));
  return {
    async readFrame(index) {
      const pixels = await film.readFrame(index);
      boxBlur(lumaOf(pixels, luma), size, reach, around, scratch);
      for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
        const differs = (luma[at] as number) - (around[at] as number);
        if (differs > -NOISE && differs < NOISE) continue;
        const more = AMOUNT * (differs > 0 ? differs - NOISE : differs + NOISE);
        pixels[to] = (pixels[to] as number) + more;
        pixels[to + 1] = (pixels[to + 1] as number) + more;
        pixels[to + 2] = (pixels[to + 2] as number) + more;
      }
      return pixels;
    },
  };
}
