/**
 * Packages of credits that are for sale: 100 credits are one US dollar, pay as you go, and larger ones are cheaper. A
 * package is never changed once it was sold: one with another price has another id.
 */
export interface CreditPackage {
  readonly id: string;
  readonly credits: number;
  /** In cents. */
  readonly price: number;
  readonly currency: 'usd';
  /** Where the price comes from. */
  readonly source: string;
}

/** 100 credits for a dollar, and a package of 1,000 for ten, are the platform's price that others follow. */
const PAY_AS_YOU_GO = 'integrators of the PixVerse platform, 2026: $1 is 100 credits, $10 the usual package';
const OURS = 'set by us: 4, 10 and 15 per cent less than pay as you go';

export const PACKAGES: readonly CreditPackage[] = [
  { id: 'credits_1000', credits: 1_000, price: 10_00, currency: 'usd', source: PAY_AS_YOU_GO },
  { id: 'credits_5000', credits: 5_000, price: 48_00, currency: 'usd', source: OURS },
  { id: 'credits_20000', credits: 20_000, price: 180_00, currency: 'usd', source: OURS },
  { id: 'credits_100000', credits: 100_000, price: 850_00, currency: 'usd', source: OURS },
];

export function packageOf(id: string): CreditPackage | undefined {
  return PACKAGES.find(one => one.id === id);
}
