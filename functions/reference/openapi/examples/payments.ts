/** Calls that buy and book credits. */
import type { Example } from '../../../http/route.ts';

const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
const OPEN = {
  ...{ id: 'pur_019f2a6b2d00Hc8Jk2LmN4pQrS', object: 'credit_purchase', status: 'open', package: 'credits_5000' },
  ...{ credits: 5000, amount: 4800, currency: 'usd', checkout_url: 'https://checkout.stripe.com/c/pay/cs_live_a1B2c3' },
  ...{ created_at: '2026-11-24T09:12:44.000Z', paid_at: null, refunded: { amount: 0, credits: 0, shortfall: 0 } },
};
const PAID = { ...OPEN, status: 'paid', checkout_url: null, paid_at: '2026-11-24T09:14:02.000Z' };
const entry = (kind: string, id: string, credits: number) => ({
  ...{ id, object: 'ledger_entry', account_id: ACCOUNT, kind, credits, money: null },
});
const MONEY = { amount: 85_000, currency: 'usd', reference: 'SEPA 2026-11-23/00417' };

export const PAYMENTS: Readonly<Record<string, Example>> = {
  listCreditPackages: {
    answer: {
      object: 'list',
      data: [{ id: 'credits_5000', object: 'credit_package', credits: 5000, amount: 4800, currency: 'usd' }],
    },
  },
  buyCredits: { body: { package: 'credits_5000' }, answer: OPEN },
  listPurchases: { query: { limit: 20 }, answer: { object: 'list', data: [PAID], has_more: false } },
  retrievePurchase: { path: { id: PAID.id }, answer: PAID },
  recordPayment: {
    path: { id: ACCOUNT },
    body: { credits: 100_000, ...MONEY, reason: 'invoice 2026-117, paid by bank transfer' },
    answer: { ...entry('purchase', `purchase#by_hand:${MONEY.reference}`, 100_000), money: MONEY },
  },
  adjustCredits: {
    path: { id: ACCOUNT },
    body: { credits: -250, reason: 'credited twice on 2026-11-20' },
    answer: entry('adjustment', 'adjustment#ref_019f2a6b2d00Hc8Jk2LmN4pQrS', -250),
  },
  grantCredits: {
    path: { id: ACCOUNT },
    body: { credits: 500, reason: 'for the outage of 2026-11-19' },
    answer: entry('grant', 'grant#ref_019f2a6b2d00Hc8Jk2LmN4pQrS', 500),
  },
  listAlerts: {
    query: { limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          ...{ id: 'alrt_019f2a6b2d00Hc8Jk2LmN4pQrS', object: 'alert', about: 'balance', level: 80, used: 4012 },
          ...{ limit: 5000, period: 'purchase#pur_019f2a6b2d00Hc8Jk2LmN4pQrS', at: '2026-11-24T11:40:09.000Z' },
        },
      ],
      has_more: false,
    },
  },
  listPaymentConcerns: {
    query: { limit: 50 },
    answer: {
      object: 'list',
      data: [
        {
          id: 'MjAyNi0xMS0yNFQxMDowMDowMC4wMDBaI3JlXzNRMWEyQiNyZWZ1bmRfc2hvcnRmYWxs',
          ...{ object: 'payment_concern', concern: 'refund_shortfall', subject: 're_3Q1a2B', account_id: ACCOUNT },
          ...{ why: '300 credits of the refund re_3Q1a2B were spent already and could not be taken back' },
          ...{ at: '2026-11-24T10:00:00.000Z', purchase_id: PAID.id },
        },
      ],
      has_more: false,
    },
  },
};
