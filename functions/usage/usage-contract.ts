/** What an account reads of its own use and money under /v1: counts by the day, and every entry of its ledger. */
import * as z from 'zod';
import { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import type { Entry, Family } from '../http/route.ts';

const USAGE: Entry = {
  source: 'functions/usage/read-usage.lambda.ts',
  uses: { core: ['Query'], ledger: ['Query byTime'] },
};

/** A UTC day. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'it must be a UTC day as YYYY-MM-DD')
  .refine(text => new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text, 'there is no such day');

/** A whole number in a query, where everything is text. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'it must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const USAGE_GROUPS = ['day', 'function', 'model', 'key'] as const;

const counts = {
  started: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  rejected: z.int(),
  credits_held: z.int(),
  credits_charged: z.int(),
  credits_released: z.int(),
  seconds: z.number(),
};

const reading = { method: 'GET', permission: 'credits:read', capability: 'read' } as const;

export const readUsage = {
  entry: USAGE,
  ...reading,
  path: '/v1/usage',
  summary: 'Counts videos, credits and seconds of at most 92 days, by day, function, model or key.',
  input: z.strictObject({
    from: day,
    to: day,
    group_by: z
      .string()
      .transform(text => text.split(',').map(name => name.trim()))
      .pipe(
        z
          .array(z.enum(USAGE_GROUPS, `it must be of ${USAGE_GROUPS.join(', ')}, separated by commas`))
          .refine(names => new Set(names).size === names.length, 'it must name each once'),
      )
      .optional(),
    cursor: z.string().max(512).optional(),
  }),
  output: z.object({
    object: z.literal('usage'),
    from: z.string(),
    to: z.string(),
    group_by: z.array(z.enum(USAGE_GROUPS)),
    data: z.array(
      z.object({
        day: z.string().optional(),
        function: z.string().optional(),
        model: z.string().optional(),
        key_id: z.string().optional(),
        ...counts,
      }),
    ),
    totals: z.object(counts),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
} as const;

export const listLedger = {
  entry: USAGE,
  ...reading,
  path: '/v1/ledger',
  summary: 'Lists the entries of the account, newest first.',
  input: z.strictObject({
    kind: z.enum(LEDGER_KINDS).optional(),
    from: day.optional(),
    to: day.optional(),
    limit: whole(1, 100).optional(),
    cursor: z.string().max(512).optional(),
  }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('ledger_entry'),
        kind: z.enum(LEDGER_KINDS),
        booked_at: z.string(),
        available: z.int(),
        held: z.int(),
        video_id: z.string().nullable(),
        function: z.string().nullable(),
        model: z.string().nullable(),
        key_id: z.string().nullable(),
        plan: z.string().nullable(),
        money: z.object({ amount: z.int(), currency: z.string(), reference: z.string() }).nullable(),
      }),
    ),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
} as const;

export const USE_AND_MONEY: Family = {
  name: 'Use and money',
  about: 'What the account made and what it cost: counts by the day, and every entry of its ledger.',
  dialect: 'platform',
  routes: { readUsage, listLedger },
  refuses: ['account_not_active'],
};
