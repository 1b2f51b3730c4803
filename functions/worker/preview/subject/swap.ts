/** Swap: the video, with the caller's picture in the place of what one mask selects. */
import { ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { openImage } from '../../media/open-image.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import type { SwapSource } from '../source.ts';
import { between } from './alpha.ts';
import { type Box, type FollowedMask, MaskedVideo } from './masked-video.ts';

/** The picture reaches this much beyond the box, so that no edge of it shows. */
const BEYOND = 1.05;
/** How far a picture's brightness and colour go towards those of its place. */
const LIGHT = 0.45;
const COLOR = 0.16;
const CONTRAST = 0.4;

/** Throws MediaError `bad_media`, `bad_image` or `bad_mask`. */
export async function swapInVideo(source: SwapSource, output: RenderOutput): Promise<FrameSource> {
  const video = await MaskedVideo.open(source.videoPath, output);
  const mask = video.mask(source.maskId);
  const put = await putIn(video, mask, source.imagePath);
  const sound = source.keepOriginal ? await video.reader.sound(SAMPLE_RATE) : undefined;
  const image = new ImageData(output.format.width, output.format.height);
  return {
    scene: `swap of ${mask.name}`,
    ...(sound && { sound: (_rate: number, samples: number) => fittedStereo(sound, samples) }),
    async paint(index, { context }) {
      image.data.set(await video.reader.readFrame(index));
      put(index, image.data, mask.alpha(index, image.data));
      context.putImageData(image, 0, 0);
    },
  };
}

/** Paints a picture into a frame's `pixels` where `alpha` says: it fills the mask's box and goes where the box goes. Throws MediaError `bad_image`. */
export async function putIn(
  video: MaskedVideo,
  mask: FollowedMask,
  path: string,
): Promise<(index: number, pixels: Uint8ClampedArray, alpha: Uint8Array) => void> {
  const { view, small } = video;
  const boxes = video.boxesOf(mask);
  const key = boxes[mask.key] as Box;
  const side = (length: number): number => Math.max(8, Math.round(length * BEYOND * view.scale));
  const { pixels: packed, width, height } = await openImage(path, side(key.width), side(key.height));
  const rgba = new Uint8ClampedArray(packed.buffer);
  const chosen = mask.chosen(mask.key);
  light(
    rgba,
    toneOf(rgba, () => 1),
    toneOf(small[mask.key] as Uint8ClampedArray, pixel => chosen[pixel] as number),
  );
  const channels = [0, 1, 2].map(channel =>
    Uint8Array.from({ length: width * height }, (_, at) => rgba[at * 4 + channel] ?? 0),
  );
  return (index, pixels, alpha) => {
    const box = boxes[video.within(index)] as Box;
    const grown = Math.max(box.width / key.width, box.height / key.height) * BEYOND;
    const across = (key.width * grown) / width;
    const down = (key.height * grown) / height;
    for (let y = 0, at = 0; y < view.height; y++) {
      const v = Math.min(height - 1.001, Math.max(0, (view.smallY(y) - box.y) / down + height / 2 - 0.5));
      for (let x = 0; x < view.width; x++, at++) {
        const share = (alpha[at] as number) / 255;
        if (share === 0) continue;
        const u = ((view.smallX[x] as number) - box.x) / across + width / 2 - 0.5;
        const px = Math.min(width - 1.001, Math.max(0, u));
        const from = Math.floor(v) * width + Math.floor(px);
        for (let channel = 0; channel < 3; channel++) {
          const old = pixels[at * 4 + channel] as number;
          const color = between(channels[channel] as Uint8Array, from, width, px % 1, v % 1);
          pixels[at * 4 + channel] = old + (color - old) * share;
        }
      }
    }
  };
}

/** Means of red, green and blue, 0 to 255, and how far brightness is spread. */
export interface Tone {
  readonly mean: readonly [number, number, number];
  readonly spread: number;
}

/** Of `rgba` where `weight` says so: 0 leaves a pixel out. */
export function toneOf(rgba: Uint8ClampedArray, weight: (pixel: number) => number): Tone {
  const sums = [0, 0, 0];
  let [weights, bright, square] = [0, 0, 0];
  for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
    const own = weight(pixel);
    if (own === 0) continue;
    const color = [0, 1, 2].map(channel => rgba[pixel * 4 + channel] as number) as [number, number, number];
    for (let channel = 0; channel < 3; channel++)
      sums[channel] = (sums[channel] as number) + own * (color[channel] as number);
    weights += own;
    bright += own * lumaOf(color);
    square += own * lumaOf(color) ** 2;
  }
  if (weights === 0) return { mean: [128, 128, 128], spread: 40 };
  const [red = 0, green = 0, blue = 0] = sums.map(sum => sum / weights);
  return { mean: [red, green, blue], spread: Math.sqrt(Math.max(0, square / weights - (bright / weights) ** 2)) };
}

/** Changes `rgba`, whose tone is `own`, towards `place`. */
export function light(rgba: Uint8ClampedArray, own: Tone, place: Tone): void {
  const gain = Math.min(1.35, Math.max(0.65, 1 + CONTRAST * (place.spread / Math.max(4, own.spread) - 1)));
  const middle = lumaOf(own.mean);
  const lift = LIGHT * (lumaOf(place.mean) - middle);
  for (let at = 0; at < rgba.length; at += 4)
    for (let channel = 0; channel < 3; channel++) {
      const from = own.mean[channel] as number;
      const cast = COLOR * ((place.mean[channel] as number) - lumaOf(place.mean) - (from - middle));
      rgba[at + channel] = from + ((rgba[at + channel] as number) - from) * gain + lift + cast;
    }
}

function lumaOf([red, green, blue]: readonly [number, number, number]): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
