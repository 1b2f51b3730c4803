/** Pictures that the tests make themselves. */
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** A picture with enough in it to be seen moving: a gradient sky, a disc, stripes. */
export async function picture(width: number, height: number, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> {
  const stripes = Array.from(
    { length: 8 },
    (_, index) =>
      `<rect x="${(index * width) / 8}" y="${height * 0.7}" width="${width / 16}" height="${height * 0.3}" fill="#24506b"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f6c177"/><stop offset="1" stop-color="#3e8fb0"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>
    <circle cx="${width * 0.6}" cy="${height * 0.35}" r="${Math.min(width, height) * 0.15}" fill="#eb6f92"/>${stripes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

/** A PNG whose frame is whole, every checksum right, and whose pixels are none: only decoding it shows that. */
export async function undecodable(): Promise<Buffer> {
  const whole = await picture(64, 64);
  const at = whole.indexOf('IDAT');
  const length = whole.readUInt32BE(at - 4);
  const broken = Buffer.from(whole);
  broken.fill(0x55, at + 4, at + 4 + length);
  broken.writeUInt32BE(crc32(broken.subarray(at, at + 4 + length)), at + 4 + length);
  return broken;
}
