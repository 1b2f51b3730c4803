/** Buying credits. */
import * as z from 'zod';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const BUY: Entry = {
  source: 'functions/payments/buy-credits.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    idempotency: ['GetItem', 'PutItem'],
    stripe: ['call'],
  },
  settings: ['CHECKOUT_RETURN_URL'],
};

const READ: Entry = {
  source: 'functions/payments/purchases.lambda.ts',
  uses: { core: ['GetItem', 'Query'] },
};

const purchaseId = z.string().regex(/^pur_[0-9A-Za-z]{1,60}$/, 'it must be the id of a purchase');

export const purchaseObject = z.object({
  id: z.string(),
  object: z.literal('credit_purchase'),
  status: z.enum(['open', 'paid', 'closed']),
  package: z.string(),
  credits: z.int(),
  amount: z.int(),
  currency: z.string(),
  checkout_url: z.string().nullable(),
  created_at: z.string(),
  paid_at: z.string().nullable(),
  refunded: z.object({ amount: z.int(), credits: z.int(), shortfall: z.int() }),
});

export const listCreditPackages = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/packages',
  summary: 'Lists the packages of credits that are for sale.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('credit_package'),
        credits: z.int(),
        amount: z.int(),
        currency: z.string(),
      }),
    ),
  }),
} as const;

export const buyCredits = {
  entry: BUY,
  method: 'POST',
  path: '/v1/credits/purchases',
  summary: 'Begins a purchase of credits: the answer says where it is paid.',
  roles: ['developer'],
  capability: 'pay',
  input: z.strictObject({ package: z.string().min(1).max(60) }),
  output: purchaseObject,
  headers: {
    'idempotency-key': 'The same key with the same package is the same purchase, for a day.',
  },
} as const;

export const listPurchases = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/purchases',
  summary: 'Lists the purchases of the account, newest first.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({ limit: pageLimit, after: purchaseId.optional() }),
  output: z.object({ object: z.literal('list'), data: z.array(purchaseObject), has_more: z.boolean() }),
} as const;

export const retrievePurchase = {
  entry: READ,
  method: 'GET',
  path: '/v1/credits/purchases/{id}',
  summary: 'Reads a purchase: whether it is paid, and what went back.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({ id: z.string().max(100) }),
  output: purchaseObject,
} as const;

export const PAYMENTS: Family = {
  name: 'Payments',
  about: 'Buy credits, and read what was bought. A purchase is paid on a page of Stripe, where `checkout_url` leads.',
  dialect: 'platform',
  routes: { listCreditPackages, buyCredits, listPurchases, retrievePurchase },
  refuses: ['key_refused', 'account_not_active', 'not_found', 'idempotency_mismatch', 'payments_unavailable'],
};
