/** Money as finance enters it by hand: payments that came another way, corrections, gifts; and what it has to look at. */
import * as z from 'zod';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const BOOK: Entry = {
  source: 'functions/payments/book-credits.lambda.ts',
  uses: { core: ['PutItem', 'UpdateItem', 'Query'], ledger: ['PutItem'] },
};

const finance = { roles: ['finance'] } as const;
const accountId = z.string().max(100);
const credits = z.int().min(1).max(100_000_000);
const reason = z.string().trim().min(3).max(500);

export const ledgerEntry = z.object({
  id: z.string(),
  object: z.literal('ledger_entry'),
  account_id: z.string(),
  kind: z.enum(['purchase', 'adjustment', 'grant']),
  credits: z.int(),
  money: z.object({ amount: z.int(), currency: z.string(), reference: z.string() }).nullable(),
});

const headers = {
  'idempotency-key': 'The same key with the same credits is the same entry, for ever.',
} as const;

export const recordPayment = {
  entry: BOOK,
  ...finance,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/payments',
  summary: 'Enters a payment that came outside of Checkout, and gives the credits for it: once for each reference.',
  input: z.strictObject({
    id: accountId,
    credits,
    /** In the currency's smallest unit. */
    amount: z.int().min(1).max(10_000_000_000),
    currency: z.string().regex(/^[a-z]{3}$/, 'it must be an ISO 4217 code in small letters, such as usd'),
    reference: z
      .string()
      // It stands in CSV, where a spreadsheet takes what begins with one of those for a formula; tab and CR are not printable.
      .regex(
        /^[\x21-\x2a\x2c\x2e-\x3c\x3e\x3f\x41-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/,
        'it must be 1 to 100 printable ASCII characters, the first none of = + - @',
      ),
    reason,
  }),
  output: ledgerEntry,
} as const;

export const adjustCredits = {
  entry: BOOK,
  ...finance,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/adjustments',
  summary: 'Puts a mistake right: gives credits, or takes them, never below zero.',
  input: z.strictObject({
    id: accountId,
    credits: z
      .int()
      .min(-100_000_000)
      .max(100_000_000)
      .refine(by => by !== 0, 'it must not be 0'),
    reason,
  }),
  output: ledgerEntry,
  headers,
} as const;

export const grantCredits = {
  entry: BOOK,
  ...finance,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/grants',
  summary: 'Gives credits as a gift.',
  input: z.strictObject({ id: accountId, credits, reason }),
  output: ledgerEntry,
  headers,
} as const;

export const listPaymentConcerns = {
  entry: BOOK,
  ...finance,
  method: 'GET',
  path: '/v1/operators/payment-concerns',
  summary: 'Lists payments and refunds that do not fit and wait for a person, newest first.',
  input: z.strictObject({
    limit: pageLimit,
    after: z
      .string()
      .regex(/^[\w-]{1,300}$/, 'it must be the id of a payment concern')
      .optional(),
  }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('payment_concern'),
        concern: z.enum([
          ...(['unknown_purchase', 'amount_mismatch', 'paid_twice'] as const),
          ...(['refund_exceeds_payment', 'refund_failed', 'refund_shortfall'] as const),
        ]),
        why: z.string(),
        subject: z.string(),
        at: z.string(),
        account_id: z.string().nullable(),
        purchase_id: z.string().nullable(),
      }),
    ),
    has_more: z.boolean(),
  }),
} as const;

export const BOOKINGS: Family = {
  name: 'Bookings',
  about: 'What finance enters by hand, with a reason: payments that came another way, corrections, gifts.',
  dialect: 'platform',
  routes: { recordPayment, adjustCredits, grantCredits, listPaymentConcerns },
  refuses: ['not_found', 'idempotency_mismatch', 'insufficient_credits'],
};
