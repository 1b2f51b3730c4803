/** What members mean in the purchases of credits and in what finance books by hand. */
import type { Words } from '../words.ts';

const PAGE = 'How many on a page, at most 100; 20 where left out.';
const REASON = 'Why, for the trail.';
const ACCOUNT = 'The account.';

export const PAYMENTS_ASKED: Words = {
  'buyCredits.package': 'The id of a package that is for sale.',
  'listPurchases.limit': PAGE,
  'listPurchases.after': 'The last purchase of the page before.',
  'retrievePurchase.id': 'The id of a purchase.',
  'recordPayment.id': ACCOUNT,
  'recordPayment.credits': 'What the account is given for it.',
  'recordPayment.amount': "What was paid, in the currency's smallest unit.",
  'recordPayment.currency': 'ISO 4217 in small letters.',
  'recordPayment.reference':
    "What the payment is found by, such as the bank's reference. It is entered once, for one account.",
  'recordPayment.reason': REASON,
  'adjustCredits.id': ACCOUNT,
  'adjustCredits.credits': 'Given, or below zero taken, as far as they are not spent.',
  'adjustCredits.reason': REASON,
  'grantCredits.id': ACCOUNT,
  'grantCredits.credits': 'The gift.',
  'grantCredits.reason': REASON,
  'listAlerts.limit': PAGE,
  'listAlerts.after': 'The last alert of the page before.',
  'listPaymentConcerns.limit': 'How many on a page, at most 100; 50 where left out.',
  'listPaymentConcerns.after': 'The id of the last concern of the page before.',
};

const LIST: Words = { object: 'What this is.', data: 'What is listed.', has_more: 'Whether more come after these.' };
const PURCHASE: Words = {
  ...LIST,
  id: 'Of the purchase.',
  status: '`open` until it is paid, `paid`, or `closed` where the checkout ran out.',
  package: 'What was bought.',
  credits: 'What it gives, once it is paid.',
  amount: 'What it costs, in cents.',
  currency: 'Of the amount, ISO 4217 in small letters.',
  checkout_url: 'Where it is paid; null once it cannot be paid there.',
  created_at: 'When it was begun, UTC.',
  paid_at: 'When it was paid, UTC.',
  refunded: 'What went back.',
  'refunded.amount': 'Cents.',
  shortfall: 'Credits of a refund that were spent already, so that they could not be taken back.',
};
const ENTRY: Words = {
  ...LIST,
  id: 'Of the entry in the ledger.',
  account_id: 'Whose it is.',
  kind: 'What was booked.',
  credits: 'Given, or below zero taken.',
  money: 'What was paid; null where nothing was.',
  amount: "In the currency's smallest unit.",
  currency: 'ISO 4217 in small letters.',
  reference: 'What the payment is found by.',
};

const of = (words: Words, ...owners: readonly string[]): Words =>
  Object.fromEntries(
    owners.flatMap(owner => Object.entries(words).map(([name, text]) => [`${owner}.${name}`, text] as const)),
  );

export const PAYMENTS_ANSWERED: Words = {
  ...of(
    {
      ...LIST,
      id: 'Of the package: what a purchase names.',
      credits: 'What it gives.',
      amount: 'What it costs, in cents.',
      currency: 'Of the price, ISO 4217 in small letters.',
    },
    'listCreditPackages',
  ),
  ...of(PURCHASE, 'buyCredits', 'listPurchases', 'retrievePurchase'),
  ...of(ENTRY, 'recordPayment', 'adjustCredits', 'grantCredits'),
  ...of(
    {
      ...LIST,
      id: 'Of the concern.',
      concern: 'What does not fit.',
      why: 'In words.',
      subject: "The provider's id of the event or refund.",
      at: 'When the provider reported it first, UTC.',
      account_id: 'Whose it is; null where that is not known.',
      purchase_id: 'Which purchase it is about; null where that is not known.',
    },
    'listPaymentConcerns',
  ),
  ...of(
    {
      ...LIST,
      id: 'Of the alert.',
      about: 'The balance since the last top-up, the videos of a day, or the spend limit of a key.',
      level: 'Per cent that were reached.',
      used: 'Credits, or videos, at that moment.',
      limit: 'Of how many.',
      period: 'Within which each level is told once: a ledger entry, a UTC day, or a key with its limit.',
      at: 'When, UTC.',
    },
    'listAlerts',
  ),
};
