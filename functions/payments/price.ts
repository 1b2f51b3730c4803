/**
 * What a package costs its buyer. Its price has the tax in it, or the tax is added to it, as the stage is set; where Stripe
 * computes the tax, Stripe adds it, and says how much it was when it is paid. Pure.
 */
import type { Account } from '../accounts/account.ts';
import type { CreditPackage } from '../catalogue/packages.ts';
import { taxFor, taxOn } from '../catalogue/tax.ts';
import type { Taxed } from '../credits/ledger.ts';
import type { Purchase } from './purchase.ts';

export interface Pricing {
  /** Whether the prices of packages have the tax in them. */
  readonly prices: 'gross' | 'net';
  readonly taxBy: 'platform' | 'stripe';
  /** Whose tax is charged; empty where none is. */
  readonly issuerCountry: string;
}

/** The environment's words as they are; the stage has refused any other. */
export function pricingOf(prices: string, taxBy: string, issuerCountry: string): Pricing {
  return {
    prices: prices === 'net' ? 'net' : 'gross',
    taxBy: taxBy === 'stripe' ? 'stripe' : 'platform',
    issuerCountry,
  };
}

/** What is to be paid for a package, and how its tax is made where the price does not have it in it. */
export function priceOf(
  { price }: CreditPackage,
  { country, company }: Pick<Account, 'country' | 'company'>,
  { prices, taxBy, issuerCountry }: Pricing,
): Pick<Purchase, 'amount' | 'tax' | 'stripeTax'> {
  if (taxBy === 'stripe') return { amount: price, stripeTax: prices === 'net' ? 'exclusive' : 'inclusive' };
  if (prices === 'gross') return { amount: price };
  const taxId = company?.tax_id;
  const {
    treatment,
    rate,
    country: taxCountry,
  } = taxFor(issuerCountry, {
    ...(country !== undefined && { country }),
    ...(taxId !== undefined && { taxId }),
  });
  const amount = taxOn(price, rate);
  const tax: Taxed = { amount, rate, treatment, ...(taxCountry !== undefined && { country: taxCountry }) };
  return { amount: price + amount, tax };
}
