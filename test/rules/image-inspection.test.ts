import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMAGE_MAX_BYTES, inspectImage, orientationOf } from '../../functions/uploads/image-inspection.ts';
import { refusalOf } from './refusal-of.ts';
import { chunk, exif, header, held, picture, png, SIGNATURE, withSegment } from './sample-images.ts';

const WIDTH = 37;
const HEIGHT = 23;
const source = picture(WIDTH, HEIGHT);
const JPEG = await source.clone().jpeg().toBuffer();
const FILES = {
  'PNG by hand': png(WIDTH, HEIGHT),
  PNG: await source.clone().png().toBuffer(),
  'PNG with a palette': await source.clone().png({ palette: true }).toBuffer(),
  JPEG,
  'progressive JPEG': await source.clone().jpeg({ progressive: true }).toBuffer(),
  'JPEG with a colour profile': await source.clone().withIccProfile('p3').jpeg().toBuffer(),
  'lossy WebP': await source.clone().webp().toBuffer(),
  'lossless WebP': await source.clone().webp({ lossless: true }).toBuffer(),
  'WebP with alpha': await source.clone().ensureAlpha(0.5).webp().toBuffer(),
  'WebP with metadata': await source
    .clone()
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .webp()
    .toBuffer(),
};

describe.each(Object.entries(FILES))('a %s', (name, bytes) => {
  it('is known by its bytes, with its size', () => {
    const format = name.includes('PNG') ? 'png' : name.includes('JPEG') ? 'jpeg' : 'webp';
    expect(inspectImage(bytes)).toEqual({ format, contentType: `image/${format}`, width: WIDTH, height: HEIGHT });
  });

  it('that ends early is refused, wherever it was cut', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), cut => {
        expect(refusalOf(() => inspectImage(bytes.subarray(0, cut)))?.kind).toMatch(/^image_(unreadable|format)$/);
      }),
      { numRuns: 300, examples: [[bytes.length - 1], [bytes.length - 2], [12], [8], [3], [0]] },
    );
  });

  it('that is damaged anywhere is taken or refused, and throws nothing else', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, places => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of places) damaged[at] = byte;
        refusalOf(() => inspectImage(damaged));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a PNG', () => {
  it('with any one bit turned, up to its end mark, is refused', () => {
    const bytes = FILES['PNG by hand'];
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), bit => {
        const damaged = Buffer.from(bytes);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(refusalOf(() => inspectImage(damaged))).toBeDefined();
      }),
    );
  });

  it('without pixels is refused', () => {
    const empty = Buffer.concat([SIGNATURE, header(WIDTH, HEIGHT), chunk('IEND', Buffer.alloc(0))]);
    expect(refusalOf(() => inspectImage(empty))?.kind).toBe('image_unreadable');
  });

  it('cannot hide its size behind a second header, or do without the first', () => {
    const { 'PNG by hand': small } = FILES;
    const rest = small.subarray(SIGNATURE.length);
    const bomb = Buffer.concat([SIGNATURE, header(60_000, 60_000), rest]);
    const headless = Buffer.concat([SIGNATURE, chunk('tEXt', Buffer.from('a\0b')), rest]);
    expect(refusalOf(() => inspectImage(bomb))).toBeDefined();
    expect(refusalOf(() => inspectImage(headless))?.kind).toBe('image_unreadable');
  });
});

describe('a JPEG', () => {
  it.each([1, 2, 3, 4])('of orientation %d is as wide as it is stored', orientation => {
    const shown = { width: WIDTH, height: HEIGHT };
    expect(inspectImage(withSegment(JPEG, 0xe1, exif(orientation, 'II')))).toMatchObject(shown);
    expect(inspectImage(withSegment(JPEG, 0xe1, exif(orientation, 'MM')))).toMatchObject(shown);
  });

  it.each([5, 6, 7, 8])('of orientation %d lies on its side', orientation => {
    const shown = { width: HEIGHT, height: WIDTH };
    expect(inspectImage(withSegment(JPEG, 0xe1, exif(orientation, 'II')))).toMatchObject(shown);
    expect(inspectImage(withSegment(JPEG, 0xe1, exif(orientation, 'MM')))).toMatchObject(shown);
  });

  it('turned by an encoder of others is seen as that encoder meant it', async () => {
    const turned = await source.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(inspectImage(turned)).toMatchObject({ width: HEIGHT, height: WIDTH });
  });

  it('whose Exif is nonsense keeps its size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), nonsense => {
        const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), nonsense]);
        const { width, height } = inspectImage(withSegment(JPEG, 0xe1, segment));
        expect([width, height].sort()).toEqual([HEIGHT, WIDTH].sort());
      }),
    );
  });

  it('that ends early is refused although the thumbnail within is whole', () => {
    const whole = withSegment(JPEG, 0xe1, Buffer.concat([exif(1, 'II'), JPEG]));
    expect(inspectImage(whole)).toMatchObject({ width: WIDTH, height: HEIGHT });
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), cut => {
        expect(refusalOf(() => inspectImage(whole.subarray(0, cut)))).toBeDefined();
      }),
      { examples: [[whole.length - 1], [whole.length - 20]] },
    );
  });

  it('with a segment that is shorter than its own length field is refused', () => {
    for (const length of [0, 1]) {
      const damaged = Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, length]), JPEG.subarray(2)]);
      expect(refusalOf(() => inspectImage(damaged))?.kind).toBe('image_unreadable');
    }
  });

  it('that its writer padded behind the end is whole', () => {
    expect(inspectImage(Buffer.concat([JPEG, Buffer.alloc(512)]))).toMatchObject({ width: WIDTH, height: HEIGHT });
  });
});

describe.each(['PNG by hand', 'PNG with a palette', 'JPEG', 'lossy WebP', 'lossless WebP', 'WebP with alpha'] as const)(
  'a %s',
  name => {
    it.each([1, 2, 3, 4, 5, 6, 7, 8])(
      'that was held so is shown upright, in either byte order: orientation %d',
      how => {
        const size = { width: WIDTH, height: HEIGHT };
        for (const order of ['II', 'MM'] as const) {
          const image = held(FILES[name], size, how, order);
          expect(inspectImage(image)).toMatchObject(how < 5 ? size : { width: HEIGHT, height: WIDTH });
          expect(orientationOf(image)).toBe(how);
        }
      },
    );

    it('whose Exif says what there is not is upright', () => {
      const size = { width: WIDTH, height: HEIGHT };
      for (const odd of [0, 9, 0xffff]) expect(inspectImage(held(FILES[name], size, odd, 'MM'))).toMatchObject(size);
    });
  },
);

describe('an image of', () => {
  it.each([
    [10_000, 4_000],
    [4_000, 10_000],
    [1, 1],
  ])('%d x %d pixels is taken', (width, height) => {
    expect(inspectImage(png(1, 1, { width, height }))).toMatchObject({ width, height });
  });

  it.each([
    [10_001, 1],
    [1, 10_001],
    [8_000, 8_000],
    [10_000, 4_001],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 32 - 1, 1],
    [0, 10],
    [10, 0],
  ])('%d x %d pixels is refused by what a few bytes declare, before anything is decoded', (width, height) => {
    const bomb = png(1, 1, { width, height });
    expect(bomb.length).toBeLessThan(200);
    const refusal = refusalOf(() => inspectImage(bomb));
    expect(refusal?.kind).toBe('image_dimensions');
    if (width > 0 && height > 0) expect(refusal?.message).toContain(`${width}x${height}`);
  });
});

describe('a file', () => {
  it('of 20 MB is refused, and one byte less is looked at', () => {
    const whole = FILES.JPEG;
    const padded = (size: number) => Buffer.concat([whole], size);
    expect(refusalOf(() => inspectImage(padded(IMAGE_MAX_BYTES)))).toMatchObject({
      kind: 'image_too_large',
      message: expect.stringContaining('20 MB'),
    });
    expect(inspectImage(padded(IMAGE_MAX_BYTES - 1))).toMatchObject({ format: 'jpeg' });
    expect(IMAGE_MAX_BYTES).toBe(20 * 1024 * 1024);
  });

  it.each([
    ['nothing', ''],
    ['GIF', 'GIF89a'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['PDF', '%PDF-1.7'],
    ['BMP', 'BM'],
    ['sound', 'RIFF????WAVEfmt '],
    ['AVIF', '\0\0\0\x1cftypavif'],
  ])('that begins like %s is none of the three formats', (_name, text) => {
    const refusal = refusalOf(() => inspectImage(Buffer.concat([Buffer.from(text, 'latin1')], 64)));
    expect(refusal).toMatchObject({ kind: 'image_format', message: expect.stringMatching(/PNG, JPEG or WebP/) });
  });

  it('of random bytes, whatever format it begins like, throws nothing but a Refusal', () => {
    const beginning = fc.constantFrom(
      '',
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      '\xff\xd8\xff\xe1',
      '\xff\xd8\xff\xc0',
      'RIFF\x10\0\0\0WEBPVP8 ',
      'RIFF\x10\0\0\0WEBPVP8L',
      'RIFF\x10\0\0\0WEBPVP8X',
    );
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        refusalOf(() => inspectImage(Buffer.concat([Buffer.from(start, 'latin1'), rest])));
      }),
      { numRuns: 2000 },
    );
  });
});
