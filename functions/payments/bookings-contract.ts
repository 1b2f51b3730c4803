/** What finance enters by hand: payments that were not made at Checkout, corrections, gifts; and payment exceptions. */
import * as z from 'zod';
import { GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { ledgerMoney } from '../usage/usage-contract.ts';

const BOOK: Entry = {
  source: 'functions/payments/book-credits.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query'], ledger: ['PutItem'] },
};

const accountId = z.string().max(100).describe('The id of the account.');
const credits = z.int().min(1).max(100_000_000);
const reason = z.string().trim().min(3).max(500).describe('Why, for the audit trail.');

export const bookedEntry = z
  .object({
    id: z.string().describe('The id of the entry in the ledger.'),
    object: z.literal('ledger_entry').describe('What this is.'),
    account_id: z.string().describe('The account that it was booked to.'),
    state: z
      .enum(['booked', 'awaiting_second_person'])
      .describe(
        `\`booked\`; beyond ${GIVEN_ALONE} credits a person and day, 202 and this until another sends the same call.`,
      ),
    kind: z.enum(['purchase', 'adjustment', 'grant']).describe('What is booked.'),
    credits: z.int().describe('How many credits were given, or below zero taken.'),
    money: ledgerMoney.nullable().describe('What was paid; null where nothing was.'),
  })
  .meta({ id: 'BookedEntry', description: 'A ledger entry that finance booked.' });

const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
const MONEY = { amount: 85_000, currency: 'usd', reference: 'SEPA 2026-11-23/00417' };

const headers = {
  'idempotency-key': 'The same key with the same credits is the same entry, for ever.',
} as const;

export const recordPayment = {
  entry: BOOK,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/operators/accounts/{id}/payments',
  summary: 'Records a payment that was not made at Checkout, and gives the credits for it: once for each reference.',
  input: z.strictObject({
    id: accountId,
    credits: credits.describe('How many credits the account is given for it.'),
    amount: z.int().min(1).max(10_000_000_000).describe("What was paid, in the currency's smallest unit."),
    currency: z
      .string()
      .regex(/^[a-z]{3}$/, 'it must be an ISO 4217 code in small letters, such as usd')
      .describe('ISO 4217 in small letters.'),
    reference: z
      .string()
      // It is exported as CSV, where a spreadsheet takes what begins with one of those for a formula; tab and CR are not printable.
      .regex(
        /^[\x21-\x2a\x2c\x2e-\x3c\x3e\x3f\x41-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/,
        'it must be 1 to 100 printable ASCII characters, the first none of = + - @',
      )
      .describe("What the payment is found by, such as the bank's reference. It is recorded once, for one account."),
    reason,
  }),
  output: bookedEntry,
  example: {
    path: { id: ACCOUNT },
    body: { credits: 100_000, ...MONEY, reason: 'invoice 2026-117, paid by bank transfer' },
    answer: {
      id: `purchase#by_hand:${MONEY.reference}`,
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'purchase',
      credits: 100_000,
      money: MONEY,
    },
  },
} as const;

export const adjustCredits = {
  entry: BOOK,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/operators/accounts/{id}/adjustments',
  summary: 'Corrects a mistake: gives credits, or takes them, never below zero.',
  input: z.strictObject({
    id: accountId,
    credits: z
      .int()
      .min(-100_000_000)
      .max(100_000_000)
      .refine(by => by !== 0, 'it must not be 0')
      .describe('How many credits are given, or below zero taken, as far as they are not spent.'),
    reason,
  }),
  output: bookedEntry,
  headers,
  example: {
    path: { id: ACCOUNT },
    body: { credits: -250, reason: 'credited twice on 2026-11-20' },
    answer: {
      id: 'adjustment#ref_019f2a6b2d00Hc8Jk2LmN4pQrS',
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'adjustment',
      credits: -250,
      money: null,
    },
  },
} as const;

export const grantCredits = {
  entry: BOOK,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/operators/accounts/{id}/grants',
  summary: 'Gives credits as a gift.',
  input: z.strictObject({ id: accountId, credits: credits.describe('How many credits are given.'), reason }),
  output: bookedEntry,
  headers,
  example: {
    path: { id: ACCOUNT },
    body: { credits: 500, reason: 'for the outage of 2026-11-19' },
    answer: {
      id: 'grant#ref_019f2a6b2d00Hc8Jk2LmN4pQrS',
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'grant',
      credits: 500,
      money: null,
    },
  },
} as const;

export const PAYMENT_EXCEPTIONS = [
  'unknown_purchase',
  'amount_mismatch',
  'paid_twice',
  'refund_exceeds_payment',
  'refund_failed',
  'refund_uncollected',
] as const;

export const listPaymentExceptions = {
  entry: BOOK,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/operators/payment-exceptions',
  summary: 'Lists payments and refunds that do not fit and that a person has to resolve, newest first.',
  input: z.strictObject({
    limit: pageLimit.describe('How many on a page, at most 100; 50 where left out.'),
    after: z
      .string()
      .regex(/^[\w-]{1,300}$/, 'it must be the id of a payment exception')
      .optional()
      .describe(afterId),
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z
          .object({
            id: z.string().describe('The id of the exception.'),
            object: z.literal('payment_exception').describe('What this is.'),
            kind: z.enum(PAYMENT_EXCEPTIONS).describe('What does not fit.'),
            why: z.string().describe('What happened and what to do, in words.'),
            subject: z.string().describe("The payment provider's id of the event or refund."),
            at: z.string().describe('When the provider reported it first, UTC.'),
            account_id: z.string().nullable().describe('The account that it is about; null where that is not known.'),
            purchase_id: z.string().nullable().describe('The purchase that it is about; null where that is not known.'),
          })
          .meta({ id: 'PaymentException', description: 'A payment or refund that does not fit.' }),
      )
      .describe('The exceptions, newest first.'),
    ...pageEnds,
  }),
  example: {
    query: { limit: 50 },
    answer: {
      object: 'list',
      data: [
        {
          id: 'IjIwMjYtMTEtMjRUMTA6MDA6MDAuMDAwWiNyZV8zUTFhMkIjcmVmdW5kX3VuY29sbGVjdGVkIg',
          object: 'payment_exception',
          kind: 'refund_uncollected',
          why: '300 credits of the refund re_3Q1a2B were spent already and could not be taken back',
          subject: 're_3Q1a2B',
          at: '2026-11-24T10:00:00.000Z',
          account_id: ACCOUNT,
          purchase_id: 'pur_019f2a6b2d00Hc8Jk2LmN4pQrS',
        },
      ],
      first_id: 'IjIwMjYtMTEtMjRUMTA6MDA6MDAuMDAwWiNyZV8zUTFhMkIjcmVmdW5kX3VuY29sbGVjdGVkIg',
      last_id: 'IjIwMjYtMTEtMjRUMTA6MDA6MDAuMDAwWiNyZV8zUTFhMkIjcmVmdW5kX3VuY29sbGVjdGVkIg',
      has_more: false,
    },
  },
} as const;

export const BOOKINGS: Family = {
  name: 'Bookings',
  about:
    'What finance enters by hand, with a reason: payments that were not made at Checkout, corrections, gifts; and payments and refunds that do not fit.',
  dialect: 'platform',
  routes: { recordPayment, adjustCredits, grantCredits, listPaymentExceptions },
  refuses: ['not_found', 'idempotency_mismatch', 'insufficient_credits', 'wrong_state'],
};
