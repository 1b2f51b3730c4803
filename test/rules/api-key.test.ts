import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashKey, hintOf, isWellFormed, mintKey } from '../../functions/keys/api-key.ts';

/** Any key that can be minted: from 30 bytes that base62 takes at once. */
const key = fc
  .array(fc.integer({ min: 0, max: 247 }), { minLength: 30, maxLength: 30 })
  .map(bytes => mintKey(() => Uint8Array.from(bytes)));
const LENGTH = 'mut_'.length + 30 + 6;
/** Where the checksum begins. */
const CHECKSUM = LENGTH - 6;
const place = fc.integer({ min: 0, max: LENGTH - 1 });
const base62Character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);

describe('a minted key', () => {
  it('is well formed, and 40 characters that a shell and a header take as they are', () => {
    fc.assert(
      fc.property(key, minted => {
        expect(isWellFormed(minted)).toBe(true);
        expect(minted).toMatch(/^mut_[0-9A-Za-z]{36}$/);
      }),
    );
  });

  it('carries all the randomness that it was given', () => {
    const bytes = (first: number) => Uint8Array.from({ length: 30 }, (_, index) => (index === 0 ? first : index));
    const keys = Array.from({ length: 62 }, (_, first) => mintKey(() => bytes(first)));
    expect(new Set(keys.map(minted => minted.slice(4, 34))).size).toBe(62);
  });
});

describe('the checksum', () => {
  it('is the CRC-32 of what stands before it, as another program works it out', () => {
    const key = mintKey(() => Uint8Array.from({ length: 30 }, (_, byte) => byte));
    expect(key).toBe('mut_0123456789ABCDEFGHIJKLMNOPQRST0z91ot');
  });

  it('refuses every key in which one character was mistyped', () => {
    const typed = fc.oneof(
      { weight: 4, arbitrary: base62Character },
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(key, place, typed, (minted, at, character) => {
        fc.pre(minted[at] !== character);
        expect(isWellFormed(replaced(minted, at, character))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every key in which two neighbours changed places', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 0, max: LENGTH - 2 }), (minted, at) => {
        const [one = '', other = ''] = minted.slice(at, at + 2);
        // Across the border CRC-32 promises 1 in 2^32 only, which is not a fact about every key.
        fc.pre(one !== other && at !== CHECKSUM - 1);
        expect(isWellFormed(replaced(replaced(minted, at, other), at + 1, one))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a key that is cut, lengthened or followed by a line break', () => {
    fc.assert(
      fc.property(key, place, base62Character, (minted, cut, more) => {
        for (const text of [minted.slice(0, cut), minted + more, more + minted, `${minted}\n`, ` ${minted}`]) {
          expect(isWellFormed(text)).toBe(false);
        }
      }),
    );
  });

  it('refuses whatever is no key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(isWellFormed(text)).toBe(false);
      }),
    );
  });
});

describe('what is kept of a key', () => {
  it('is a SHA-256 in 64 hex digits, the same each time and another for another key', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(hashKey(one)).toMatch(/^[0-9a-f]{64}$/);
        expect(hashKey(one) === hashKey(other)).toBe(one === other);
      }),
    );
  });

  it('is a hint of the first 4 of 30 secret characters and the last 4 of the checksum, no more', () => {
    fc.assert(
      fc.property(key, minted => {
        const hint = hintOf(minted);
        expect(hint).toBe(`mut_${minted.slice(4, 8)}…${minted.slice(-4)}`);
        expect(hint).not.toContain(minted.slice(4, CHECKSUM));
        expect(isWellFormed(hint)).toBe(false);
      }),
    );
  });
});
