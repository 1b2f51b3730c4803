/** Auto top-up: credits that are bought by themselves before they are used up. */
import * as z from 'zod';
import { PACKAGES } from '../catalogue/packages.ts';
import type { Entry } from '../http/route.ts';

const AUTO_TOP_UP: Entry = {
  source: 'functions/payments/auto-top-up.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  settings: ['PACKAGE_PRICES'],
};

/** A number that no account of a package's buyer comes to. */
const MOST_CREDITS = 100_000_000;
const MOST_MONEY = 100_000_000;

export const autoTopUpObject = z
  .object({
    object: z.literal('auto_top_up').describe('What this is.'),
    status: z
      .enum(['off', 'on', 'charging', 'retrying', 'switched_off'])
      .describe(
        '`off` where nobody set it, `on`, `charging` a purchase, `retrying` one that was declined, or `switched_off` by us after its last try.',
      ),
    below: z.int().nullable().describe('A purchase begins when fewer credits than these can be spent.'),
    package: z.string().nullable().describe('The package that is bought.'),
    monthly_limit: z.int().nullable().describe('The most that is spent in a UTC month, in cents.'),
    currency: z.string().nullable().describe('The currency of the package, ISO 4217 in small letters.'),
    spent_this_month: z.int().describe('What was begun in this UTC month and not given up, in cents.'),
    month_ends: z.string().describe('When the month ends, UTC.'),
    payment_method: z
      .object({
        type: z.string().describe('Such as `card`.'),
        brand: z.string().nullable().describe("A card's brand."),
        last4: z.string().nullable().describe('Its last four digits.'),
        saved_at: z.string().describe('When it was saved, UTC.'),
      })
      .nullable()
      .describe('The payment method that a person saved; null where none is.'),
    purchase: z.string().nullable().describe('The purchase that is open.'),
    next_try_at: z.string().nullable().describe('When a declined purchase is tried again, UTC.'),
    checkout_url: z.string().nullable().describe('Where a declined purchase is paid by hand.'),
    last_failure: z
      .object({
        code: z.string().describe("Stripe's code, such as `card_declined` or `authentication_required`."),
        at: z.string().describe('When, UTC.'),
        attempts: z.int().describe('How often that purchase has failed.'),
      })
      .nullable()
      .describe('The last failure since a payment went through.'),
    switched_off_at: z.string().nullable().describe('When it was switched off after the last try, UTC.'),
  })
  .meta({ id: 'AutoTopUp', description: 'Auto top-up of an account.' });

const ON = {
  object: 'auto_top_up',
  status: 'on',
  below: 500,
  package: 'credits_5000',
  monthly_limit: 20_000,
  currency: 'usd',
  spent_this_month: 4800,
  month_ends: '2026-12-01T00:00:00.000Z',
  payment_method: { type: 'card', brand: 'visa', last4: '4242', saved_at: '2026-11-24T09:14:02.000Z' },
  purchase: null,
  next_try_at: null,
  checkout_url: null,
  last_failure: null,
  switched_off_at: null,
} as const;
const OFF = {
  ...ON,
  status: 'off',
  below: null,
  package: null,
  monthly_limit: null,
  currency: null,
  payment_method: null,
} as const;

const route = { entry: AUTO_TOP_UP, path: '/v1/credits/auto-top-up', roles: ['developer'] } as const;

export const readAutoTopUp = {
  ...route,
  method: 'GET',
  summary: 'Reads auto top-up: what is set, what was spent this month, and how the last purchase went.',
  capability: 'read',
  input: z.strictObject({}),
  output: autoTopUpObject,
  example: { answer: ON },
} as const;

export const setAutoTopUp = {
  ...route,
  method: 'PUT',
  summary:
    'Sets auto top-up, on a payment method that a purchase with `save_payment_method` has saved: it may be charged for this from then on.',
  capability: 'pay',
  input: z.strictObject({
    below: z.int().min(1).max(MOST_CREDITS).describe('Buy when fewer credits than these can be spent.'),
    package: z.enum(PACKAGES.map(({ id }) => id)).describe('The package to buy.'),
    monthly_limit: z
      .int()
      .min(1)
      .max(MOST_MONEY)
      .describe(
        'The most to spend in a UTC month, in cents of the currency of the package; it must be enough for one.',
      ),
  }),
  output: autoTopUpObject,
  example: { body: { below: 500, package: 'credits_5000', monthly_limit: 20_000 }, answer: ON },
} as const;

export const endAutoTopUp = {
  ...route,
  method: 'DELETE',
  summary: 'Ends auto top-up and forgets the payment method. A charge that is under way is not stopped.',
  // Who may not pay any more may still withdraw.
  capability: 'read',
  input: z.strictObject({}),
  output: autoTopUpObject,
  example: { answer: OFF },
} as const;
