import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { type ActiveKeys, activeKeysAfter, MOST_KEYS, NO_ACTIVE_KEYS } from '../../functions/keys/active-keys.ts';

const NOW = 1_000_000;
const full: ActiveKeys = {
  revision: 7,
  living: Object.fromEntries(Array.from({ length: MOST_KEYS }, (_, n) => [`key_${n}`, 0])),
};

describe('the index of active keys', () => {
  it('takes keys up to the most there may be, and not one more', () => {
    const { key_0: _ended, ...rest } = full.living;
    expect(Object.keys(activeKeysAfter({ ...full, living: rest }, { added: { new: 0 } }, NOW).living)).toHaveLength(
      MOST_KEYS,
    );
    expect(() => activeKeysAfter(full, { added: { new: 0 } }, NOW)).toThrow(Refusal);
    expect(() => activeKeysAfter(full, { added: { new: 0 } }, NOW)).toThrow('50 living keys');
  });

  it('takes a new key in place of one that ends', () => {
    expect(activeKeysAfter(full, { added: { new: 0 }, ended: ['key_3'] }, NOW).living).not.toHaveProperty('key_3');
  });

  it('takes a new key in place of one that has expired, at the moment and not before', () => {
    const expiring = { ...full, living: { ...full.living, key_3: NOW } };
    expect(activeKeysAfter(expiring, { added: { new: 0 } }, NOW).living).toHaveProperty('new');
    expect(() => activeKeysAfter(expiring, { added: { new: 0 } }, NOW - 1)).toThrow(Refusal);
  });

  it('lets the keys of a full index change', () => {
    expect(activeKeysAfter(full, { added: { key_3: NOW + 1 } }, NOW).living.key_3).toBe(NOW + 1);
  });

  it('has the hash of each key that came with one, for as long as the key is active', () => {
    const one = activeKeysAfter(NO_ACTIVE_KEYS, { added: { one: 0 }, newHashes: { one: 'a' } }, NOW);
    const both = activeKeysAfter(one, { added: { two: NOW + 1 }, newHashes: { two: 'b' } }, NOW);
    expect(both.hashes).toEqual({ one: 'a', two: 'b' });
    expect(activeKeysAfter(both, { added: { one: NOW + 9 } }, NOW).hashes).toEqual({ one: 'a', two: 'b' });
    expect(activeKeysAfter(both, { ended: ['one'] }, NOW).hashes).toEqual({ two: 'b' });
    expect(activeKeysAfter(both, {}, NOW + 1).hashes).toEqual({ one: 'a' });
    expect(activeKeysAfter(full, { added: { key_3: NOW + 1 } }, NOW).hashes).toEqual({});
  });

  it('is never over the most, and has each active key, whatever was done in whichever order', () => {
    const act = fc.record({
      add: fc.option(fc.integer({ min: 0, max: 80 })),
      end: fc.option(fc.integer({ min: 0, max: 80 })),
      expires: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 })),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), acts => {
        let index = NO_ACTIVE_KEYS;
        const alive = new Map<string, number>();
        acts.forEach(({ add, end, expires }, now) => {
          const added = add === null ? {} : { [`key_${add}`]: expires };
          const ended = end === null ? [] : [`key_${end}`];
          try {
            index = activeKeysAfter(index, { added, ended }, now);
          } catch {
            expect([...alive.values()].filter(at => at === 0 || at > now).length).toBeGreaterThanOrEqual(MOST_KEYS - 1);
            return;
          }
          for (const [id, at] of Object.entries(added)) alive.set(id, at);
          for (const id of ended) alive.delete(id);
          const living = [...alive].filter(([, at]) => at === 0 || at > now);
          expect(new Map(Object.entries(index.living))).toEqual(new Map(living));
          expect(living.length).toBeLessThanOrEqual(MOST_KEYS);
        });
      }),
    );
  });
});
