import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62, base62Number, momentOf, numericId, prefixedId, sortable } from '../../functions/runtime/ids.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const EPOCH = Date.UTC(2025, 0, 1);
/** The end of the last second that an id can name, 2^31 seconds after the epoch, in 2093. */
const END = EPOCH + 2 ** 31 * 1000;
/** From the day on which ids have 15 digits: 10^14 / 2^22 seconds are 276 days. */
const moment = fc.integer({ min: Date.UTC(2025, 9, 4), max: END - 1 });
const bits = fc.uint8Array({ minLength: 3, maxLength: 3 });
/** Bytes that base62 takes at once; the others are drawn again. */
const taken = (length: number) => fc.array(fc.integer({ min: 0, max: 247 }), { minLength: length, maxLength: length });

describe('a numeric id', () => {
  it('is a JSON-safe integer of 15 or 16 digits', () => {
    fc.assert(
      fc.property(moment, bits, (now, random) => {
        const id = numericId(now, () => random);
        expect(Number.isSafeInteger(id)).toBe(true);
        expect(String(id)).toMatch(/^[1-9]\d{14,15}$/);
        expect(JSON.parse(JSON.stringify(id))).toBe(id);
      }),
    );
  });

  it('stays below 2^53 in its last second with every random bit set', () => {
    expect(numericId(END - 1, () => new Uint8Array([255, 255, 255]))).toBe(2 ** 53 - 1);
  });

  it('tells the second in which it was made', () => {
    fc.assert(
      fc.property(moment, bits, (now, random) => {
        expect(momentOf(numericId(now, () => random))).toBe(Math.floor(now / 1000) * 1000);
      }),
    );
  });

  it('is greater than every id of an earlier second, whatever was random', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1000, max: 10 ** 9 }), bits, bits, (now, later, one, other) => {
        fc.pre(now + later < END);
        expect(numericId(now, () => one)).toBeLessThan(numericId(now + later, () => other));
      }),
    );
  });

  it('carries 22 random bits: two of one second differ wherever those do', () => {
    fc.assert(
      fc.property(moment, bits, bits, (now, one, other) => {
        const low22 = ([a = 0, b = 0, c = 0]: Uint8Array) => ((a & 0x3f) << 16) | (b << 8) | c;
        const ids = [numericId(now, () => one), numericId(now, () => other)];
        expect(ids[0] === ids[1]).toBe(low22(one) === low22(other));
      }),
    );
  });

  it.each([EPOCH - 1, END, Number.MAX_SAFE_INTEGER / 2])('cannot be made at %d, which 31 bits cannot say', now => {
    expect(() => numericId(now, () => new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('sortable', () => {
  it('orders text as the numbers are ordered', () => {
    const id = fc.maxSafeNat();
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(sortable(a) < sortable(b)).toBe(a < b);
        expect(sortable(a)).toHaveLength(16);
      }),
    );
  });
});

describe('base62', () => {
  it('draws each of its 62 characters equally often from equally frequent bytes', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const text = base62(248, () => all);
    for (const character of ALPHABET) expect(text.split(character)).toHaveLength(1 + 4);
  });

  it('draws again for the bytes that would favour the first characters', () => {
    const draws = [Uint8Array.of(248, 255), Uint8Array.of(61, 250), Uint8Array.of(0, 1)];
    expect(base62(2, () => draws.shift() ?? Uint8Array.of())).toBe('z0');
  });

  it('has the wanted length and nothing outside its alphabet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }).chain(length => fc.tuple(fc.constant(length), taken(length))),
        ([length, bytes]) => {
          expect(base62(length, () => Uint8Array.from(bytes))).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`));
        },
      ),
    );
  });
});

describe('base62Number', () => {
  const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const numberOf = (text: string) =>
    [...text].reduce((value, character) => value * 62 + ALPHABET.indexOf(character), 0);

  it('can be read back: six digits hold 32 bits', () => {
    fc.assert(
      fc.property(uint32, value => {
        const text = base62Number(value, 6);
        expect(text).toHaveLength(6);
        expect(numberOf(text)).toBe(value);
      }),
    );
  });
});

describe('a prefixed id', () => {
  it('says what it names, and sorts by the millisecond', () => {
    const millisecond = fc.integer({ min: EPOCH, max: 2 ** 48 - 2 });
    fc.assert(
      fc.property(millisecond, taken(14), taken(14), (now, one, other) => {
        const id = prefixedId('evt', now, () => Uint8Array.from(one));
        expect(id).toMatch(/^evt_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
        expect(id < prefixedId('evt', now + 1, () => Uint8Array.from(other))).toBe(true);
      }),
    );
  });
});
