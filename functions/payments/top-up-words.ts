/** What e-mails about auto top-up say of it. Pure. */
import { moneyText } from '../catalogue/currencies.ts';
import type { CreditPackage } from '../catalogue/packages.ts';
import type { Purchase } from './purchase.ts';

export function offered(offer: CreditPackage | undefined, purchase?: Purchase) {
  const { credits = 0, currency = 'usd', price = 0 } = offer ?? {};
  const { amount = price } = purchase ?? {};
  return {
    package: `${purchase?.credits ?? credits} credits`,
    price: moneyText(amount, purchase?.currency ?? currency),
  };
}

/** `2026-11-24 09:14 UTC`. */
export function minute(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

/** In words, for what a customer can do something about. */
export function reasonOf(code: string): string {
  const known: Readonly<Record<string, string>> = {
    authentication_required: 'your bank wants you to confirm it',
    card_declined: 'your bank declined it',
    insufficient_funds: 'your bank declined it',
    expired_card: 'the card has expired',
  };
  return known[code] ?? `the payment provider says ${code}`;
}
