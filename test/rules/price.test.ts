import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKAGES } from '../../functions/catalogue/packages.ts';
import { ISSUER_COUNTRIES, taxFor, taxWithin } from '../../functions/catalogue/tax.ts';
import { priceOf, pricingOf } from '../../functions/payments/price.ts';

const [offer = expect.fail()] = PACKAGES;
const company = { name: 'Faro S.L.', registration_number: 'B1', address: 'Madrid', tax_id: 'ESB12345678' };

describe('a package', () => {
  it('costs its price, which has the tax in it, where nothing else is set', () => {
    expect(priceOf(offer, { country: 'DE' }, pricingOf('gross', 'platform', 'DE'))).toEqual({ amount: 1000 });
  });

  it.each([
    ['at home', { country: 'DE' }, 1190, { amount: 190, rate: 1900, treatment: 'domestic', country: 'DE' }],
    [
      'elsewhere in the Union',
      { country: 'FI' },
      1255,
      { amount: 255, rate: 2550, treatment: 'destination', country: 'FI' },
    ],
    ['of a business there', { country: 'ES', company }, 1000, { amount: 0, rate: 0, treatment: 'reverse_charge' }],
    ['outside', { country: 'JP' }, 1000, { amount: 0, rate: 0, treatment: 'outside_scope' }],
  ] as const)('costs its price and the tax of a customer %s, where the price is net', (_, customer, amount, tax) => {
    expect(priceOf(offer, customer, pricingOf('net', 'platform', 'DE'))).toEqual({ amount, tax });
  });

  it('costs its price where Stripe computes the tax, which Stripe adds or finds in it', () => {
    expect(priceOf(offer, {}, pricingOf('net', 'stripe', 'DE'))).toEqual({ amount: 1000, stripeTax: 'exclusive' });
    expect(priceOf(offer, {}, pricingOf('gross', 'stripe', 'DE'))).toEqual({ amount: 1000, stripeTax: 'inclusive' });
  });

  it('of whatever price, issuer and customer has just the tax in what is paid that was added to it', () => {
    const countries = fc.constantFrom(...ISSUER_COUNTRIES, 'JP', undefined);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.constantFrom('', ...ISSUER_COUNTRIES),
        countries,
        (price, issuer, country) => {
          const customer = country === undefined ? {} : { country };
          const { amount, tax } = priceOf({ ...offer, price }, customer, pricingOf('net', 'platform', issuer));
          expect(amount - (tax?.amount ?? 0)).toBe(price);
          expect(taxWithin(amount, taxFor(issuer, customer).rate)).toBe(tax?.amount);
        },
      ),
    );
  });
});
