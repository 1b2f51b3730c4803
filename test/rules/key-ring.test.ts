import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { EMPTY_RING, type KeyRing, MOST_KEYS, ringAfter } from '../../functions/keys/key-ring.ts';

const NOW = 1_000_000;
const full: KeyRing = {
  revision: 7,
  living: Object.fromEntries(Array.from({ length: MOST_KEYS }, (_, n) => [`key_${n}`, 0])),
};

describe('the ring of living keys', () => {
  it('takes keys up to the most there may be, and not one more', () => {
    const { key_0: _ended, ...rest } = full.living;
    expect(Object.keys(ringAfter({ ...full, living: rest }, { added: { new: 0 } }, NOW).living)).toHaveLength(
      MOST_KEYS,
    );
    expect(() => ringAfter(full, { added: { new: 0 } }, NOW)).toThrow(Refusal);
    expect(() => ringAfter(full, { added: { new: 0 } }, NOW)).toThrow('50 living keys');
  });

  it('takes a key for one that ends with it', () => {
    expect(ringAfter(full, { added: { new: 0 }, ended: ['key_3'] }, NOW).living).not.toHaveProperty('key_3');
  });

  it('takes a key for one that has expired, at the moment and not before', () => {
    const expiring = { ...full, living: { ...full.living, key_3: NOW } };
    expect(ringAfter(expiring, { added: { new: 0 } }, NOW).living).toHaveProperty('new');
    expect(() => ringAfter(expiring, { added: { new: 0 } }, NOW - 1)).toThrow(Refusal);
  });

  it('lets the keys of a full ring change', () => {
    expect(ringAfter(full, { added: { key_3: NOW + 1 } }, NOW).living.key_3).toBe(NOW + 1);
  });

  it('has the hash of each key that came with one, for as long as the key lives', () => {
    const one = ringAfter(EMPTY_RING, { added: { one: 0 }, newHashes: { one: 'a' } }, NOW);
    const both = ringAfter(one, { added: { two: NOW + 1 }, newHashes: { two: 'b' } }, NOW);
    expect(both.hashes).toEqual({ one: 'a', two: 'b' });
    expect(ringAfter(both, { added: { one: NOW + 9 } }, NOW).hashes).toEqual({ one: 'a', two: 'b' });
    expect(ringAfter(both, { ended: ['one'] }, NOW).hashes).toEqual({ two: 'b' });
    expect(ringAfter(both, {}, NOW + 1).hashes).toEqual({ one: 'a' });
    expect(ringAfter(full, { added: { key_3: NOW + 1 } }, NOW).hashes).toEqual({});
  });

  it('is never over the most, and has each living key, whatever was done in whichever order', () => {
    const act = fc.record({
      add: fc.option(fc.integer({ min: 0, max: 80 })),
      end: fc.option(fc.integer({ min: 0, max: 80 })),
      expires: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 })),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), acts => {
        let ring = EMPTY_RING;
        const alive = new Map<string, number>();
        acts.forEach(({ add, end, expires }, now) => {
          const added = add === null ? {} : { [`key_${add}`]: expires };
          const ended = end === null ? [] : [`key_${end}`];
          try {
            ring = ringAfter(ring, { added, ended }, now);
          } catch {
            expect([...alive.values()].filter(at => at === 0 || at > now).length).toBeGreaterThanOrEqual(MOST_KEYS - 1);
            return;
          }
          for (const [id, at] of Object.entries(added)) alive.set(id, at);
          for (const id of ended) alive.delete(id);
          const living = [...alive].filter(([, at]) => at === 0 || at > now);
          expect(new Map(Object.entries(ring.living))).toEqual(new Map(living));
          expect(living.length).toBeLessThanOrEqual(MOST_KEYS);
        });
      }),
    );
  });
});
