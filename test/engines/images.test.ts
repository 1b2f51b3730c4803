/** Images as people have them, as the media process decodes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { inspectImage } from '../../functions/uploads/image-inspection.ts';
import { type DecodedImage, openImage, openWholeImage } from '../../functions/worker/media/open-image.ts';
import { held } from '../rules/sample-images.ts';
import { cutPng, cutScan, cutWebp, greyPngWithClearLevel } from '../support/cut-images.ts';

const root = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SIZE = { width: 60, height: 90 };
const MIMES = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

function drawn(draw: (context: SKRSContext2D) => void, size = SIZE): Record<keyof typeof MIMES, Buffer> {
  const canvas = createCanvas(size.width, size.height);
  draw(canvas.getContext('2d'));
  return {
    png: canvas.toBuffer('image/png'),
    jpeg: canvas.toBuffer('image/jpeg', 95),
    webp: canvas.toBuffer('image/webp', 95),
  };
}

function stored(bytes: Buffer): string {
  const path = join(mkdtempSync(join(root, 'image-')), 'image');
  writeFileSync(path, bytes);
  return path;
}

/** Red, green and blue at a place given in fractions of the picture. */
function colorAt({ pixels, width, height }: DecodedImage, x: number, y: number): [number, number, number] {
  const pixel = pixels[Math.floor(y * height) * width + Math.floor(x * width)] as number;
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

describe('an image that was held on its side, or mirrored', () => {
  const QUARTERS = { a: [230, 30, 30], b: [30, 200, 30], c: [30, 30, 230], d: [240, 240, 240] } as const;
  const images = drawn(context => {
    for (const [index, [red, green, blue]] of Object.values(QUARTERS).entries()) {
      context.fillStyle = `rgb(${red}, ${green}, ${blue})`;
      context.fillRect((index % 2) * 30, Math.floor(index / 2) * 45, 30, 45);
    }
  });
  /** Which of the stored quarters, a b above c d, are seen where, in reading order. Exif 2.32, 4.6.5. */
  const SEEN = ['abcd', 'badc', 'dcba', 'cdab', 'acbd', 'cadb', 'dbca', 'bdac'];

  test.each(Object.keys(MIMES) as (keyof typeof MIMES)[])('is decoded as it was inspected: %s', async format => {
    for (const [index, seen] of SEEN.entries()) {
      for (const order of ['II', 'MM'] as const) {
        const bytes = held(images[format], SIZE, index + 1, order);
        const { width, height } = inspectImage(bytes);
        for (const image of [
          await openWholeImage(stored(bytes), 200, 200),
          await openImage(stored(bytes), width / 2, height / 2),
        ]) {
          expect(image.width / image.height).toBe(width / height);
          const quarters = [colorAt(image, 0.25, 0.25), colorAt(image, 0.75, 0.25), colorAt(image, 0.25, 0.75)];
          for (const [place, color] of quarters.entries()) {
            const wanted = QUARTERS[seen[place] as keyof typeof QUARTERS];
            const away = Math.hypot(...color.map((value, channel) => value - (wanted[channel] as number)));
            expect(away, `${format} ${order} ${index + 1}, quarter ${place}`).toBeLessThan(40);
          }
        }
      }
    }
  });
});

describe('what is transparent', () => {
  const sign = (...colors: string[]) =>
    drawn(
      context => {
        for (const [index, color] of colors.entries()) {
          context.fillStyle = color;
          context.fillRect(40 + index * 80, 40, 50, 50);
        }
      },
      { width: 240, height: 135 },
    );
  /** Lightness of the ground in a corner, and of the signs. */
  const lightness = async (bytes: Buffer, signs: number): Promise<number[]> => {
    const image = await openImage(stored(bytes), 240, 135);
    const places = Array.from({ length: signs }, (_, index) => (65 + index * 80) / 240);
    return [colorAt(image, 0.02, 0.02), ...places.map(x => colorAt(image, x, 65 / 135))].map(([red, green, blue]) =>
      Math.round(0.299 * red + 0.587 * green + 0.114 * blue),
    );
  };

  test.each([
    ['black', ['#000']],
    ['white', ['#fff']],
    ['black and white', ['#000', '#fff']],
    ['grey', ['#808080']],
    ['red', ['#c01010']],
    ['dark and light blue', ['#102060', '#a0c0ff']],
  ])('gets a ground on which %s signs are seen', async (_name, colors) => {
    const { png, webp } = sign(...colors);
    const palette = await sharp(stored(png)).png({ palette: true }).toBuffer();
    expect(palette.includes('PLTE') && palette.includes('tRNS')).toBe(true);
    for (const bytes of [png, palette, webp]) {
      const [ground = 0, ...signs] = await lightness(bytes, colors.length);
      for (const value of signs) expect(Math.abs(value - ground)).toBeGreaterThan(60);
    }
  });

  test('is as much so where one grey of a PNG stands for it', async () => {
    const [ground = 0, middle = 0] = await lightness(greyPngWithClearLevel(240, 135), 1);
    expect(Math.abs(middle - ground)).toBeGreaterThan(60);
  });

  test('leaves an opaque picture as it is', async () => {
    const { png } = drawn(context => {
      context.fillStyle = '#123456';
      context.fillRect(0, 0, 60, 90);
    });
    expect(colorAt(await openImage(stored(png), 30, 45), 0.5, 0.5)).toEqual([0x12, 0x34, 0x56]);
  });
});

describe('an image that is cut within, although its container is whole', () => {
  const { png, jpeg, webp } = drawn(
    context => {
      for (let index = 0; index < 400; index++) {
        context.fillStyle = `hsl(${index * 47} 70% ${20 + (index % 6) * 12}%)`;
        context.fillRect((index % 20) * 20, Math.floor(index / 20) * 15, 20, 15);
      }
    },
    { width: 400, height: 300 },
  );
  const failing = (bytes: Buffer) => expect(openImage(stored(bytes), 100, 100)).rejects;

  test.each([0.3, 0.6, 0.9])('is bad_image: a JPEG whose scan ends after %f of it', async share => {
    const cut = cutScan(jpeg, share);
    expect(inspectImage(cut)).toMatchObject({ width: 400, height: 300 });
    await failing(cut).toMatchObject({ code: 'bad_image' });
  });

  test('is bad_image: a PNG and a WebP with too few pixels', async () => {
    for (const cut of [cutPng(png), cutWebp(webp)]) {
      expect(inspectImage(cut)).toMatchObject({ width: 400, height: 300 });
      await failing(cut).toMatchObject({ code: 'bad_image' });
    }
  });

  test('is not one that is odd in a way that everybody passes over', async () => {
    const trailing = Buffer.concat([jpeg.subarray(0, -2), Buffer.from([1, 2, 3, 0xff, 0xd9]), Buffer.alloc(64)]);
    // The scan's header says that it brings one coefficient fewer than it does: decoders warn, and go on.
    const header = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    const misdescribed = Buffer.from(jpeg);
    misdescribed[header + 2 + jpeg.readUInt16BE(header + 2) - 2] = 62;
    for (const odd of [trailing, misdescribed])
      expect(await openImage(stored(odd), 100, 100)).toMatchObject({ width: 100, height: 100 });
  });
});
