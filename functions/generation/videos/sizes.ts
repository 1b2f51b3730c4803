/** `size` as this dialect asks for it, and what is made: a quality and an aspect. Pure. */
import { frameSize } from '../../catalogue/frame-size.ts';
import { ASPECT_RATIOS, type AspectRatio, QUALITIES, type Quality } from '../../catalogue/video-request.ts';

export interface Format {
  readonly quality: Quality;
  readonly aspectRatio: AspectRatio;
}

/** The original's default. */
export const DEFAULT_SIZE = '720x1280';

const MADE: readonly (readonly [string, Format])[] = QUALITIES.flatMap(quality =>
  ASPECT_RATIOS.map(aspectRatio => [sizeOf({ quality, aspectRatio }), { quality, aspectRatio }] as const),
);

/** The two of the original that are not made as such: the next larger of the same kind is, and the answer says so. */
const LARGER: readonly (readonly [string, Format])[] = [
  ['1024x1792', { quality: '1080p', aspectRatio: '9:16' }],
  ['1792x1024', { quality: '1080p', aspectRatio: '16:9' }],
];

export const SIZES: ReadonlyMap<string, Format> = new Map([...MADE, ...LARGER]);

/** `WxH` of what is made. */
export function sizeOf({ quality, aspectRatio }: Format): string {
  const { width, height } = frameSize(quality, aspectRatio);
  return `${width}x${height}`;
}
