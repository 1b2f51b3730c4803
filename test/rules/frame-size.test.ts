import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameSize, frameSizeForImage } from '../../functions/catalogue/frame-size.ts';
import type { AspectRatio, Quality } from '../../functions/catalogue/video-request.ts';

const QUALITIES: readonly Quality[] = ['360p', '540p', '720p', '1080p'];
const RATIOS: readonly AspectRatio[] = ['16:9', '4:3', '1:1', '3:4', '9:16', '2:3', '3:2', '21:9'];

describe('the pixels of a clip', () => {
  test.each([
    ['540p', '16:9', 960, 540],
    ['540p', '9:16', 540, 960],
    ['540p', '1:1', 540, 540],
    ['720p', '16:9', 1280, 720],
    ['1080p', '16:9', 1920, 1080],
    ['1080p', '9:16', 1080, 1920],
    ['360p', '4:3', 480, 360],
    ['720p', '3:2', 1080, 720],
    ['720p', '2:3', 720, 1080],
  ] as const)('%s at %s is %i x %i', (quality, aspect, width, height) => {
    expect(frameSize(quality, aspect)).toEqual({ width, height });
  });

  test('every size is even, and its short side is the quality', () => {
    for (const quality of QUALITIES) {
      for (const aspect of RATIOS) {
        const { width, height } = frameSize(quality, aspect);
        expect([width % 2, height % 2]).toEqual([0, 0]);
        expect(Math.min(width, height)).toBe(Number.parseInt(quality, 10));
      }
    }
  });

  test('an image keeps its aspect to within a pixel, and an endless one is cropped to 2.4', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...QUALITIES),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (quality, w, h) => {
          const { width, height } = frameSizeForImage(quality, w, h);
          const short = Number.parseInt(quality, 10);
          expect([width % 2, height % 2, Math.min(width, height)]).toEqual([0, 0, short]);
          const long = Math.min(2.4, Math.max(w / h, h / w)) * short;
          expect(Math.abs(Math.max(width, height) - long)).toBeLessThanOrEqual(1);
          expect(width >= height).toBe(w >= h || width === height);
        },
      ),
    );
  });
});
