import { describe, expect, it } from 'vitest';
import { PACKAGES, packageOf } from '../../functions/catalogue/packages.ts';

describe('the packages of credits', () => {
  it('have an id each, and are found by it', () => {
    expect(new Set(PACKAGES.map(({ id }) => id)).size).toBe(PACKAGES.length);
    for (const one of PACKAGES) expect(packageOf(one.id)).toBe(one);
    expect(packageOf('credits_7')).toBeUndefined();
  });

  it('begin at 100 credits for a dollar, and each larger one costs less for a credit', () => {
    const [first] = PACKAGES;
    expect(first && first.price / first.credits).toBe(1);
    const rates = PACKAGES.map(({ price, credits }) => price / credits);
    expect(rates).toEqual([...new Set(rates)].sort((one, other) => other - one));
    expect(PACKAGES.map(({ credits }) => credits)).toEqual(
      PACKAGES.map(({ credits }) => credits).sort((a, b) => a - b),
    );
  });

  it('are whole cents and credits, and say where the price comes from', () => {
    for (const { credits, price, source } of PACKAGES) {
      expect([credits, price].every(Number.isSafeInteger)).toBe(true);
      expect(source).not.toBe('');
    }
  });
});
