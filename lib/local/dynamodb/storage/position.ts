/**
 * Where an entry stands inside its partition: its key parts joined to one BLOB that sorts as the parts do, one after
 * the other. A zero byte within a part is written 00 FF and each part ends with 00 00, so no part is a prefix of
 * another. Every range of a sort key is then one range of bytes, `low` inclusive and `high` exclusive.
 */
export interface Bounds {
  readonly low: Buffer;
  readonly high: Buffer;
}

/** Greater than any position or partition: a key has at most 2048 bytes, and those that are zero do not begin with FF. */
export const BEYOND_ALL = Buffer.alloc(2200, 0xff);

export const EVERYTHING: Bounds = { low: Buffer.alloc(0), high: BEYOND_ALL };

const END = Buffer.of(0, 0);
const AFTER_END = Buffer.of(0, 1);

/** The position made of these parts. */
export function position(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap(part => [escaped(part), END]));
}

/** The first bytes that a position whose first part is `part` can have. */
export function startOf(part: Buffer): Buffer {
  return Buffer.concat([escaped(part), END]);
}

/** The first bytes after all positions whose first part is `part`. */
export function afterPart(part: Buffer): Buffer {
  return Buffer.concat([escaped(part), AFTER_END]);
}

/** The bounds of the positions whose first part begins with `prefix`. */
export function beginningWith(prefix: Buffer): Bounds {
  const low = escaped(prefix);
  let length = low.length;
  while (length > 0 && low[length - 1] === 0xff) length--;
  if (length === 0) return { low, high: BEYOND_ALL };
  const high = Buffer.from(low.subarray(0, length));
  high[length - 1] = (high[length - 1] as number) + 1;
  return { low, high };
}

/** The bytes directly after `bytes` in their order. */
export function successor(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.of(0)]);
}

/** The later of two lower bounds. */
export function later(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) < 0 ? b : a;
}

/** The earlier of two upper bounds. */
export function earlier(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) < 0 ? a : b;
}

function escaped(part: Buffer): Buffer {
  if (!part.includes(0)) return part;
  return Buffer.from([...part].flatMap(byte => (byte === 0 ? [0, 255] : [byte])));
}
