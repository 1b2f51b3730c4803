/** What finance enters by hand: payments that were not made at Checkout, corrections, gifts; and payment exceptions. */
import * as z from 'zod';
import { isCurrency } from '../catalogue/currencies.ts';
import { GIFTS_LAST_DAYS, GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { day, ledgerMoney } from '../usage/usage-contract.ts';

const BOOK: Entry = {
  source: 'functions/payments/book-credits.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query'], ledger: ['PutItem', 'Query'] },
};

const accountId = z.string().max(100).describe('The id of the account.');
const credits = z.int().min(1).max(100_000_000);
/** It is exported as CSV, where a spreadsheet takes what begins with one of these for a formula. */
const NO_FORMULA = 'without control characters, the first none of = + - @';
const reason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .regex(/^[^=+\-@\p{Cc}\p{Zl}\p{Zp}][^\p{Cc}\p{Zl}\p{Zp}]*$/u, `it must be text ${NO_FORMULA}`)
  .describe('Why; the account reads it too.');
const reference = z
  .string()
  .regex(
    /^[\x21-\x2a\x2c\x2e-\x3c\x3e\x3f\x41-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/,
    'it must be 1 to 100 printable ASCII characters, the first none of = + - @',
  );
const ownReference = reference.describe('What it is found by, such as a ticket. It is booked once for the account.');
const currency = z
  .string()
  .refine(isCurrency, 'it must be the ISO 4217 code of a currency in use, in small letters, such as usd')
  .describe('ISO 4217 in small letters.');

export const bookedEntry = z
  .object({
    id: z.string().describe('The id of the entry in the ledger.'),
    object: z.literal('ledger_entry').describe('What this is.'),
    account_id: z.string().describe('The account that it was booked to.'),
    state: z
      .enum(['booked', 'awaiting_second_person', 'reversed'])
      .describe(
        `Beyond ${GIVEN_ALONE} credits a person and day, 202 and \`awaiting_second_person\` until another sends the same call.`,
      ),
    kind: z.enum(['purchase', 'adjustment', 'grant', 'reversal']).describe('What is booked.'),
    credits: z.int().describe('How many credits were given, or below zero taken.'),
    money: ledgerMoney.nullable().describe('What was paid, or below zero paid back.'),
    reference: z.string().nullable().describe('What it is found by.'),
    reason: z.string().nullable().describe('Why it was booked.'),
    expires_on: z.string().nullable().describe('Of a gift: the UTC day with whose beginning the rest of it ends.'),
  })
  .meta({ id: 'BookedEntry', description: 'A ledger entry that finance booked.' });

const ACCOUNT = 'acct_019f2a6a0c00Ab3d';
const MONEY = { amount: 85_000, currency: 'usd', reference: 'SEPA 00417', value_date: '2026-11-23' };

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
    currency,
    reference: reference.describe(
      "What the payment is found by, such as the bank's reference. It is recorded once, for one account.",
    ),
    value_date: day.describe('The day on which the money came, as the bank says it.'),
    reason,
  }),
  output: bookedEntry,
  example: {
    path: { id: ACCOUNT },
    body: { credits: 100_000, ...MONEY, reason: 'by bank transfer' },
    answer: {
      id: `purchase#by_hand:${MONEY.reference}`,
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'purchase',
      credits: 100_000,
      money: MONEY,
      reference: MONEY.reference,
      reason: 'by bank transfer',
      expires_on: null,
    },
  },
} as const;

export const reversePayment = {
  entry: BOOK,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/operators/accounts/{id}/payments/reversals',
  summary: 'Reverses a payment that finance recorded: all of its money, and its credits as far as they are left.',
  input: z.strictObject({
    id: accountId,
    reference: z.string().min(1).max(100).describe('The reference of the payment.'),
    value_date: day.describe("The day on which the money went back; the payment's own where it never came."),
    reason,
  }),
  output: bookedEntry,
  example: {
    path: { id: ACCOUNT },
    body: { reference: MONEY.reference, value_date: '2026-11-25', reason: 'it bounced' },
    answer: {
      id: `reversal#by_hand:${MONEY.reference}`,
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'reversal',
      credits: -100_000,
      money: { ...MONEY, amount: -MONEY.amount, value_date: '2026-11-25' },
      reference: MONEY.reference,
      reason: 'it bounced',
      expires_on: null,
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
    reference: ownReference,
    reason,
  }),
  output: bookedEntry,
  example: {
    path: { id: ACCOUNT },
    body: { credits: -250, reference: 'CASE-4711', reason: 'credited twice' },
    answer: {
      id: 'adjustment#CASE-4711',
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'adjustment',
      credits: -250,
      money: null,
      reference: 'CASE-4711',
      reason: 'credited twice',
      expires_on: null,
    },
  },
} as const;

export const grantCredits = {
  entry: BOOK,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/operators/accounts/{id}/grants',
  summary: 'Gives credits as a gift.',
  input: z.strictObject({
    id: accountId,
    credits: credits.describe('How many credits are given.'),
    reference: ownReference,
    reason,
    expires_on: day
      .optional()
      .describe(`The UTC day with whose beginning the rest ends; in ${GIFTS_LAST_DAYS.by_hand} days where left out.`),
  }),
  output: bookedEntry,
  example: {
    path: { id: ACCOUNT },
    body: { credits: 500, reference: 'CASE-4712', reason: 'for the outage' },
    answer: {
      id: 'grant#by_hand:CASE-4712',
      object: 'ledger_entry',
      account_id: ACCOUNT,
      state: 'booked',
      kind: 'grant',
      credits: 500,
      money: null,
      reference: 'CASE-4712',
      reason: 'for the outage',
      expires_on: '2027-11-23',
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
  'reversal_uncollected',
  'refund_due',
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
            subject: z.string().describe("The provider's id, or the reference of what was reversed."),
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
          id: 'IjIwMjYtMTEtMjRUMTA6MDA6MDAuMDAwWiJ',
          object: 'payment_exception',
          kind: 'refund_uncollected',
          why: '300 credits of the refund re_3Q1a2B were spent already',
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
    'What finance enters by hand: payments that were not made at Checkout, corrections, gifts; and what does not fit.',
  dialect: 'platform',
  routes: { recordPayment, reversePayment, adjustCredits, grantCredits, listPaymentExceptions },
  refuses: ['not_found', 'idempotency_mismatch', 'insufficient_credits', 'wrong_state'],
};
