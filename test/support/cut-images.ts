/** Images that are not what their containers say, and one that says how much of it is clear in an old way. */
import { crc32, deflateSync } from 'node:zlib';

/** A JPEG of which only so much of the scan is left, and then the end marker, as an upload that broke off leaves it. */
export function cutScan(jpeg: Buffer, share: number): Buffer {
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const kept = scan + Math.floor((jpeg.length - scan) * share);
  return Buffer.concat([jpeg.subarray(0, kept), Buffer.from([0xff, 0xd9])]);
}

/** A PNG with half of its pixels, every length and checksum right. */
export function cutPng(png: Buffer): Buffer {
  const parts = [png.subarray(0, 8)];
  let hasPixels = false;
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type !== 'IDAT') parts.push(chunk(type, body));
    else if (!hasPixels) parts.push(chunk(type, body.subarray(0, length >> 1)));
    hasPixels ||= type === 'IDAT';
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

/** A simple WebP with half of its pixels, every length right. */
export function cutWebp(webp: Buffer): Buffer {
  const first = webp.toString('latin1', 12, 16) === 'VP8X' ? 30 : 12;
  const length = (webp.readUInt32LE(first + 4) >> 1) & ~1;
  const cut = Buffer.from(webp.subarray(0, first + 8 + length));
  cut.writeUInt32LE(length, first + 4);
  cut.writeUInt32LE(cut.length - 8, 4);
  return cut;
}

/** A PNG of greys without alpha, black at its left third's middle, in which one grey means that nothing is there. */
export function greyPngWithClearLevel(width: number, height: number): Buffer {
  const CLEAR = 7;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = x > 40 && x < 90 && y > 40 && y < 90 ? 0 : CLEAR;
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tRNS', Buffer.from([0, CLEAR])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}
