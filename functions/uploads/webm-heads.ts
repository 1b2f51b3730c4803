/**
 * Whether the elements of a WebM have whole heads. A reader that meets the half of one at the end of a cut file looks for the
 * other half for ever: so this looks first, in time that grows with the bytes alone. Pure. RFC 8794, sections 4 to 6.
 */
const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;

export const isWebm = (bytes: Uint8Array): boolean => numberAt(bytes, 0, 4) === EBML;

/** False where the file ends within the head of an element of the highest two levels. */
export function headsHold(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const idBytes = lengthAt(bytes, at);
    const sizeBytes = lengthAt(bytes, at + idBytes);
    const body = at + idBytes + sizeBytes;
    if (body > bytes.length) return false;
    // What stands in a segment is walked as what stands beside it: nothing of the file comes after it.
    if (idBytes === 4 && numberAt(bytes, at, 4) === SEGMENT) at = body;
    else {
      const size = sizeAt(bytes, at + idBytes, sizeBytes);
      // Where it ends is not said: its reader finds out.
      if (size === undefined) return true;
      at = body + size;
    }
  }
  return true;
}

/** Bytes of the number that begins there, 1 to 8, by the zeros before its first bit; 1 for what is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const zeros = Math.clz32(bytes[at] ?? 0xff) - 24;
  return zeros > 7 ? 1 : zeros + 1;
}

/** Undefined where all of its bits are ones, which stands for a size that nobody knew. */
function sizeAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  const value = numberAt(bytes, at, length) - 2 ** (7 * length);
  return value >= 2 ** (7 * length) - 1 ? undefined : Math.max(0, value);
}

function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = at; index < at + length; index++) value = value * 256 + (bytes[index] ?? 0);
  return value;
}
