/** The pixels of a clip, and the sizes of the Videos dialect. Pure. Every side is even, because 4:2:0 video halves both. */
import { ASPECT_RATIOS, type AspectRatio, QUALITIES, type Quality } from './video-request.ts';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** The quality is the short side in pixels. */
const SHORT_SIDE: Readonly<Record<Quality, number>> = { '360p': 360, '540p': 540, '720p': 720, '1080p': 1080 };

const RATIO: Readonly<Record<AspectRatio, readonly [number, number]>> = {
  '16:9': [16, 9],
  '4:3': [4, 3],
  '1:1': [1, 1],
  '3:4': [3, 4],
  '9:16': [9, 16],
  '2:3': [2, 3],
  '3:2': [3, 2],
  '21:9': [21, 9],
};

/** An image's own aspect is followed up to this; what is longer is cropped to it. */
const LONGEST_ASPECT = 2.4;

/** The frame of a clip made from a prompt: 16:9 at 540p is 960 x 540, 9:16 is 540 x 960. */
export function frameSize(quality: Quality, aspect: AspectRatio): FrameSize {
  const [across, down] = RATIO[aspect];
  return sized(SHORT_SIDE[quality], across / down);
}

/** The frame of a clip made from an image of `imageWidth` x `imageHeight` pixels (upright): the image's aspect, within 1:2.4 and 2.4:1. */
export function frameSizeForImage(quality: Quality, imageWidth: number, imageHeight: number): FrameSize {
  const aspect = imageWidth / imageHeight;
  return sized(SHORT_SIDE[quality], Math.min(LONGEST_ASPECT, Math.max(1 / LONGEST_ASPECT, aspect)));
}

function sized(short: number, aspect: number): FrameSize {
  return aspect >= 1 ? { width: even(short * aspect), height: short } : { width: short, height: even(short / aspect) };
}

function even(length: number): number {
  return 2 * Math.round(length / 2);
}

/** What a size of the Videos dialect is made as. */
export interface Format {
  readonly quality: Quality;
  readonly aspectRatio: AspectRatio;
}

/** The size where a call of the Videos dialect names none: the original's default. */
export const DEFAULT_SIZE = '720x1280';

const MADE: readonly (readonly [string, Format])[] = QUALITIES.flatMap(quality =>
  ASPECT_RATIOS.map(aspectRatio => [sizeOf({ quality, aspectRatio }), { quality, aspectRatio }] as const),
);

/** The two of the original that are not made as such: the next larger of the same kind is, and the response says so. */
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
