/** Small real images, and files put together by hand that say what no encoder would. */
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture with enough going on that no encoder makes it trivial. */
export function picture(width: number, height: number): Sharp {
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, index) => (index * 37 + (index >> 3) * 11) & 0xff),
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
}

export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The header of a PNG that says it has this size, 8 bits of grey a pixel. */
export const header = (width: number, height: number): Buffer =>
  chunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])]));

/** A PNG of black pixels, written by hand; `declared` is the size that its header says. */
export function png(width: number, height: number, declared = { width, height }): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  const parts = [
    header(declared.width, declared.height),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** `jpeg` with a segment after its first marker. */
export function withSegment(jpeg: Buffer, marker: number, data: Buffer): Buffer {
  const length = Buffer.from([(data.length + 2) >> 8, (data.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, marker]), length, data, jpeg.subarray(2)]);
}

/** An Exif segment's data that says nothing but the orientation, 1 to 8. */
export function exif(orientation: number, order: 'II' | 'MM'): Buffer {
  const u16 = (value: number) => (order === 'II' ? [value, 0] : [0, value]);
  const u32 = (value: number) => (order === 'II' ? [value, 0, 0, 0] : [0, 0, 0, value]);
  const entry = [...(order === 'II' ? [0x12, 0x01] : [0x01, 0x12]), ...u16(3), ...u32(1), ...u16(orientation), 0, 0];
  const tiff = [...Buffer.from(order), ...u16(42), ...u32(8), ...u16(1), ...entry, ...u32(0)];
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), Buffer.from(tiff)]);
}

/** `image`, a PNG, a JPEG or a WebP of this size, held so when it was taken. */
export function held(
  image: Buffer,
  { width, height }: { readonly width: number; readonly height: number },
  orientation: number,
  order: 'II' | 'MM',
): Buffer {
  const segment = exif(orientation, order);
  const tiff = segment.subarray(6);
  if (image[0] === 0xff) return withSegment(image, 0xe1, segment);
  // Behind the header, which is 25 bytes long.
  if (image[0] === 0x89) return Buffer.concat([image.subarray(0, 33), chunk('eXIf', tiff), image.subarray(33)]);
  return extendedWebp(image, width, height, tiff);
}

/** A simple WebP in the form that may have metadata, with these. */
function extendedWebp(simple: Buffer, width: number, height: number, tiff: Buffer): Buffer {
  const EXIF_AND_ALPHA = 0x18;
  const header = Buffer.alloc(10);
  header[0] = EXIF_AND_ALPHA;
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  const pixels = simple.toString('latin1', 12, 16) === 'VP8X' ? simple.subarray(30) : simple.subarray(12);
  const body = Buffer.concat([riff('VP8X', header), pixels, riff('EXIF', tiff)]);
  return riff('RIFF', Buffer.concat([Buffer.from('WEBP', 'latin1'), body]));
}

function riff(name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
