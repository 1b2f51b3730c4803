/**
 * Ids. A video, image or media id is a JSON-safe integer (< 2^53) of 15 or 16 digits as PixVerse clients expect: seconds
 * since 2025 in the high 31 bits, then 22 random bits. It sorts by time, and whoever guesses one learns nothing: items
 * are read under their account's key. Two ids of one second collide once in 4 million; the write is conditional, and a
 * collision takes another id.
 */
const EPOCH_SECONDS = Date.UTC(2025, 0, 1) / 1000;
const RANDOM_BITS = 22;
const RANDOM_SPAN = 2 ** RANDOM_BITS;
/** 2^31 seconds reach the year 2093. */
const LAST_SECOND = 2 ** 31 - 1;

export type Random = (bytes: number) => Uint8Array;

/** An id of the second in which `now` (epoch ms) lies. */
export function numericId(now: number, random: Random): number {
  const second = Math.floor(now / 1000) - EPOCH_SECONDS;
  if (second < 0 || second > LAST_SECOND) throw new RangeError(`no id can be made at ${new Date(now).toISOString()}`);
  const [a = 0, b = 0, c = 0] = random(3);
  return second * RANDOM_SPAN + (((a << 16) | (b << 8) | c) & (RANDOM_SPAN - 1));
}

/** The moment of an id, to the second, as epoch ms. */
export function momentOf(id: number): number {
  return (Math.floor(id / RANDOM_SPAN) + EPOCH_SECONDS) * 1000;
}

/** The lowest id of the second that begins at `unixSeconds`: what was made before it has a lower one. */
export function firstIdAt(unixSeconds: number): number {
  return Math.min(Math.max(unixSeconds - EPOCH_SECONDS, 0), LAST_SECOND + 1) * RANDOM_SPAN;
}

/** A number as text of 16 digits, so that text order is number order. */
export function sortable(id: number): string {
  return String(id).padStart(16, '0');
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters of 0-9, A-Z, a-z, each equally likely: bytes that would favour some are drawn again. */
export function base62(length: number, random: Random): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** A number as `length` base-62 digits, most significant first. */
export function base62Number(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) text = `${ALPHABET[rest % 62]}${text}`;
  return text;
}

/** The moment (epoch ms) with which an id of it begins, after its prefix: 48 bits in hex. */
export function momentDigits(now: number): string {
  return now.toString(16).padStart(12, '0');
}

/** An id with a prefix that says what it names, such as `key_` or `evt_`: 48 bits of time in hex, then 80 random bits. */
export function prefixedId(prefix: string, now: number, random: Random): string {
  return `${prefix}_${momentDigits(now)}${base62(14, random)}`;
}
