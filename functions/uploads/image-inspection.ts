/**
 * Inspects an image without decoding it: which format the bytes really are, how large the image is, and whether the
 * file is whole. The Lambda runs no decoder on strangers' bytes; the worker does, in a process of its own, and turns the
 * image as this says: nobody else reads how it was held. Pure.
 * Sources: PNG (W3C, third edition), JPEG (ITU-T T.81 annex B), WebP container (RFC 9649), Exif (CIPA DC-008), 4.6.5.
 */
import { crc32 } from 'node:zlib';
import { Refusal } from '../catalogue/refusal.ts';

export interface ImageFacts {
  readonly format: 'png' | 'jpeg' | 'webp';
  readonly contentType: string;
  /** As the image is shown: turned as its Exif says. */
  readonly width: number;
  readonly height: number;
}

/** How the camera was held, as Exif counts: 1 is upright, and from 5 on width and height change places. */
export type Orientation = (typeof ORIENTATIONS)[number];
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

interface StoredImage {
  readonly format: ImageFacts['format'];
  /** As it lies in the file. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

/** PixVerse: below 20 MB, at most 10,000 pixels a side. */
export const IMAGE_MAX_BYTES = 20 * 1024 * 1024;
export const IMAGE_MAX_SIDE = 10_000;
/** A small file can declare an image that fills the memory: what is decoded later stays below 160 MB of RGBA. */
export const IMAGE_MAX_PIXELS = 40_000_000;

/** The facts of the image, or a Refusal that says what is wrong with it. */
export function inspectImage(bytes: Buffer): ImageFacts {
  if (bytes.length >= IMAGE_MAX_BYTES) throw new Refusal('image_too_large', 'the image must be smaller than 20 MB');
  const { format, width, height, orientation } = read(bytes);
  if (width < 1 || height < 1) throw new Refusal('image_dimensions', 'the image has no pixels');
  if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE || width * height > IMAGE_MAX_PIXELS) {
    throw new Refusal(
      'image_dimensions',
      `the image is ${width}x${height}; at most ${IMAGE_MAX_SIDE} pixels a side and 40 megapixels are taken`,
    );
  }
  const contentType = `image/${format}`;
  return orientation >= 5
    ? { format, contentType, width: height, height: width }
    : { format, contentType, width, height };
}

/** How the image is to be turned to be shown as `inspectImage` says; throws its Refusal where the bytes are none. */
export function orientationOf(bytes: Buffer): Orientation {
  return read(bytes).orientation;
}

function read(bytes: Buffer): StoredImage {
  const image = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  if (image) return image;
  throw new Refusal('image_format', 'the image must be a PNG, JPEG or WebP file; its bytes are none of these');
}

export function truncated(): Refusal {
  return new Refusal('image_unreadable', 'the image file is not whole: it ends too early or is damaged');
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function readPng(bytes: Buffer): StoredImage | undefined {
  if (!bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return undefined;
  let width = 0;
  let height = 0;
  let hasPixels = false;
  let orientation: Orientation = 1;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw truncated();
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw truncated();
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw truncated();
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (at === 8) {
      // The header stands first, and decoders go by it: another one must not hide what it declares.
      if (type !== 'IHDR' || length !== 13) throw truncated();
      width = bytes.readUInt32BE(at + 8);
      height = bytes.readUInt32BE(at + 12);
    }
    hasPixels ||= type === 'IDAT';
    if (type === 'eXIf') orientation = exifOrientation(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') break;
    at = end;
  }
  if (!hasPixels) throw truncated();
  return { format: 'png', width, height, orientation };
}

/** Frame headers of JPEG: SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function readJpeg(bytes: Buffer): StoredImage | undefined {
  if (bytes.length < 3 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return undefined;
  let size: { width: number; height: number } | undefined;
  let orientation: Orientation = 1;
  let at = 2;
  for (;;) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) throw truncated();
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw truncated();
    if (isFrameHeader(marker) && length >= 7)
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xe1 && orientation === 1) orientation = segmentOrientation(bytes.subarray(at + 4, at + 2 + length));
    if (marker === 0xda) break;
    at += 2 + length;
  }
  // After the scan's data comes the end marker; a thumbnail's stands before, and some writers pad the file behind it.
  if (!size || bytes.indexOf(Buffer.from([0xff, 0xd9]), at) === -1) throw truncated();
  return { format: 'jpeg', ...size, orientation };
}

const EXIF = 'Exif\0\0';

/** 1 where the segment is not Exif. */
function segmentOrientation(segment: Buffer): Orientation {
  return segment.toString('latin1', 0, EXIF.length) === EXIF ? exifOrientation(segment.subarray(EXIF.length)) : 1;
}

/** What Exif's first directory says; 1 where it does not say, or nothing that there is. */
function exifOrientation(tiff: Buffer): Orientation {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const read16 = (at: number): number =>
    at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  if (tiff.length < 10) return 1;
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const entries = read16(directory);
  // A count may promise more than the segment holds, and a file may have a million segments.
  for (let entry = 0, at = directory + 2; entry < entries && at + 12 <= tiff.length; entry++, at += 12) {
    if (read16(at) === 0x0112) return ORIENTATIONS.find(known => known === read16(at + 8)) ?? 1;
  }
  return 1;
}

/** By the first chunk's kind, from what follows its header: lossy, lossless, extended. */
const WEBP_SIZES = new Map<string, (chunk: Buffer) => { width: number; height: number }>([
  ['VP8 ', chunk => ({ width: chunk.readUInt16LE(6) & 0x3fff, height: chunk.readUInt16LE(8) & 0x3fff })],
  [
    'VP8L',
    chunk => ({ width: (chunk.readUInt32LE(1) & 0x3fff) + 1, height: ((chunk.readUInt32LE(1) >>> 14) & 0x3fff) + 1 }),
  ],
  ['VP8X', chunk => ({ width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 })],
]);

function readWebp(bytes: Buffer): StoredImage | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  if (bytes.length < 30 || bytes.readUInt32LE(4) + 8 > bytes.length) throw truncated();
  const size = WEBP_SIZES.get(bytes.toString('latin1', 12, 16))?.(bytes.subarray(20));
  return size && { format: 'webp', ...size, orientation: webpOrientation(bytes) };
}

/** Exif is a chunk of its own, behind the pixels; some writers begin it as a JPEG's segment begins. */
function webpOrientation(bytes: Buffer): Orientation {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (bytes.toString('latin1', at, at + 4) === 'EXIF') {
      return body.toString('latin1', 0, EXIF.length) === EXIF ? segmentOrientation(body) : exifOrientation(body);
    }
    at += 8 + length + (length & 1);
  }
  return 1;
}
