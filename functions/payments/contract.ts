/** Buying credits. */
import * as z from 'zod';
import { afterId, pageEnds, pageLimit, wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { endAutoTopUp, readAutoTopUp, setAutoTopUp } from './auto-top-up-contract.ts';

/** Where Stripe reports to. No route of the API: Stripe signs its calls, and nobody else may make them. */
export const STRIPE_WEBHOOK_PATH = '/v1/webhooks/stripe';

const BUY: Entry = {
  source: 'functions/payments/buy-credits.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    idempotency: ['GetItem', 'PutItem'],
    stripe: ['call'],
  },
  settings: ['CHECKOUT_RETURN_URL', 'PACKAGE_PRICES'],
};

const READ: Entry = {
  source: 'functions/payments/purchases.lambda.ts',
  uses: { core: ['GetItem', 'Query'] },
  settings: ['PACKAGE_PRICES'],
};

const purchaseId = z.string().regex(/^pur_[0-9A-Za-z]{1,60}$/, 'it must be the id of a purchase');

const currency = z.string().describe('The currency of the amount, ISO 4217 in small letters.');

export const purchaseObject = z
  .object({
    id: z.string().describe('The id of the purchase.'),
    object: z.literal('credit_purchase').describe('What this is.'),
    status: z
      .enum(['open', 'paid', 'closed'])
      .describe('`open` until it is paid, `paid`, or `closed` where the checkout expired.'),
    package: z.string().describe('The package that was bought.'),
    credits: z.int().describe('How many credits it gives, once it is paid.'),
    amount: z.int().describe('What it costs, in cents; where Stripe adds tax, with it once it is paid.'),
    tax: z
      .int()
      .nullable()
      .describe('The tax in it, where it was added to the price; null where the price has it in it.'),
    currency,
    checkout_url: z.string().nullable().describe('Where it is paid; null once it cannot be paid there.'),
    automatic: z.boolean().describe('Whether auto top-up began it.'),
    created_at: z.string().describe('When it was begun, UTC.'),
    paid_at: z.string().nullable().describe('When it was paid, UTC.'),
    refunded: z
      .object({
        amount: z.int().describe('How much money was paid back, in cents.'),
        credits: z.int().describe('How many credits were taken back for it.'),
        uncollected: z
          .int()
          .describe('Credits of a refund that were spent already, so that they could not be taken back.'),
      })
      .describe('What was refunded.'),
  })
  .meta({ id: 'CreditPurchase', description: 'A purchase of credits.' });

const OPEN = {
  id: 'pur_019f2a6b2d00Hc8Jk2LmN4pQrS',
  object: 'credit_purchase',
  status: 'open',
  package: 'credits_5000',
  credits: 5000,
  amount: 4800,
  tax: null,
  currency: 'usd',
  checkout_url: 'https://checkout.stripe.com/c/pay/cs_live_a1B2c3',
  automatic: false,
  created_at: '2026-11-24T09:12:44.000Z',
  paid_at: null,
  refunded: { amount: 0, credits: 0, uncollected: 0 },
};
const PAID = { ...OPEN, status: 'paid', checkout_url: null, paid_at: '2026-11-24T09:14:02.000Z' };

export const listCreditPackages = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/packages',
  summary: 'Lists the packages of credits that are for sale.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          id: z.string().describe('The id of the package: what a purchase names.'),
          object: z.literal('credit_package').describe('What this is.'),
          credits: z.int().describe('How many credits it gives.'),
          amount: z.int().describe('What it costs, in cents.'),
          tax: z.enum(['included', 'added']).describe('Whether tax is in that, or is added to it.'),
          currency,
        }),
      )
      .describe('The packages, the smallest first.'),
    has_more: wholeList,
  }),
  example: {
    answer: {
      object: 'list',
      data: [
        { id: 'credits_5000', object: 'credit_package', credits: 5000, amount: 4800, tax: 'included', currency: 'usd' },
      ],
      has_more: false,
    },
  },
} as const;

export const buyCredits = {
  entry: BUY,
  method: 'POST',
  path: '/v1/credits/purchases',
  summary: 'Begins a purchase of credits: the response says where it is paid.',
  roles: ['developer'],
  capability: 'pay',
  input: z.strictObject({
    package: z.string().min(1).max(60).describe('The id of a package that is for sale.'),
    save_payment_method: z
      .boolean()
      .optional()
      .describe('Whether the payment method is saved with it, so that auto top-up may charge it once it is set.'),
  }),
  output: purchaseObject,
  headers: {
    'idempotency-key': 'The same key with the same package is the same purchase, for a day.',
  },
  example: { body: { package: 'credits_5000' }, answer: OPEN },
} as const;

export const listPurchases = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/purchases',
  summary: 'Lists the purchases of the account, newest first.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({ limit: pageLimit, after: purchaseId.optional().describe(afterId) }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(purchaseObject).describe('The purchases, newest first.'),
    ...pageEnds,
  }),
  example: {
    query: { limit: 20 },
    answer: { object: 'list', data: [PAID], first_id: PAID.id, last_id: PAID.id, has_more: false },
  },
} as const;

export const retrievePurchase = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/purchases/{id}',
  summary: 'Reads a purchase: whether it is paid, and what was refunded.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({ id: z.string().max(100).describe('The id of a purchase.') }),
  output: purchaseObject,
  example: { path: { id: PAID.id }, answer: PAID },
} as const;

export const PAYMENTS: Family = {
  name: 'Payments',
  about: 'Buy credits, and read what was bought. A purchase is paid on a page of Stripe, where `checkout_url` leads.',
  dialect: 'platform',
  routes: {
    listCreditPackages,
    buyCredits,
    listPurchases,
    retrievePurchase,
    readAutoTopUp,
    setAutoTopUp,
    endAutoTopUp,
  },
  refuses: [
    'key_refused',
    'account_not_active',
    'not_found',
    'wrong_state',
    'idempotency_mismatch',
    'payments_unavailable',
  ],
};
