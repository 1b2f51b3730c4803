/** CRC-32C (Castagnoli), reflected polynomial 0x82F63B78; Node's zlib has only the other CRC-32. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** The checksum of the bytes whose checksum is `before`, followed by `bytes`. */
export function crc32c(bytes: Buffer, before = 0): number {
  let value = ~before;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
