/** What an account reads of its own use and money under /v1: counts by the day, and every entry of its ledger. */
import * as z from 'zod';
import { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import { metadata, shownMetadata } from '../http/metadata-contract.ts';
import { isMoment } from '../http/moment-contract.ts';
import { afterPlace, hasMore, pageLimit, pagePlaces } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const USAGE: Entry = {
  source: 'functions/usage/read-usage.lambda.ts',
  uses: { core: ['Query'], ledger: ['Query byTime'] },
};

/** A UTC day. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'it must be a UTC day as YYYY-MM-DD')
  .refine(isMoment, 'there is no such day');

export const USAGE_GROUPS = ['day', 'function', 'model', 'key'] as const;
/** `metadata.customer` groups by the values of that key. */
const METADATA_GROUP = /^metadata\../s;
const group = z
  .string()
  .refine(
    name => (USAGE_GROUPS as readonly string[]).includes(name) || METADATA_GROUP.test(name),
    `it must be of ${USAGE_GROUPS.join(', ')} and metadata.<key>, separated by commas`,
  );

const counts = {
  started: z.int().describe('Videos started.'),
  succeeded: z.int().describe('Videos that succeeded, counted on the day on which they ended, as the next three are.'),
  failed: z.int().describe('Videos that failed.'),
  cancelled: z.int().describe('Videos that were cancelled.'),
  rejected: z.int().describe('Videos that were rejected.'),
  credits_held: z.int().describe('Credits held at the start.'),
  credits_charged: z.int().describe('Credits charged at the end.'),
  credits_released: z.int().describe('Credits given back at the end.'),
  seconds: z.number().describe('Seconds of finished video.'),
};

const COUNTS_EXAMPLE = {
  started: 12,
  succeeded: 10,
  failed: 1,
  cancelled: 1,
  rejected: 0,
  credits_held: 540,
  credits_charged: 450,
  credits_released: 90,
  seconds: 50,
};

export const readUsage = {
  entry: USAGE,
  method: 'GET',
  permission: 'credits:read',
  capability: 'read',
  path: '/v1/usage',
  summary: 'Counts videos, credits and seconds of the last 30 days, or of at most 92, by day, function, model or key.',
  input: z.strictObject({
    from: day.optional().describe('The first UTC day; 29 days before the last where left out.'),
    to: day.optional().describe('The last UTC day, at most 91 after the first; today where left out.'),
    group_by: z
      .string()
      .transform(text => text.split(',').map(name => name.trim()))
      .pipe(z.array(group).refine(names => new Set(names).size === names.length, 'it must name each once'))
      .optional()
      .describe(
        'Any of day, function, model, key and `metadata.<key>`, separated by commas; one row for everything where left out.',
      ),
    metadata: metadata
      .optional()
      .describe('Only videos with this pair: `metadata[customer]=42`. Of the last 400 days, as `metadata.<key>` is.'),
    after: afterPlace,
  }),
  output: z.object({
    object: z.literal('usage').describe('What this is.'),
    from: z.string().describe('The first UTC day.'),
    to: z.string().describe('The last UTC day.'),
    group_by: z.array(z.string()).describe('What the rows are grouped by.'),
    data: z
      .array(
        z.object({
          day: z.string().optional().describe('The UTC day, where grouped by it.'),
          function: z.string().optional().describe('The function, where grouped by it.'),
          model: z
            .string()
            .optional()
            .describe('The model, where grouped by it; empty for functions that have no models.'),
          key_id: z.string().optional().describe('The key, or the person, that started the videos.'),
          metadata: shownMetadata
            .optional()
            .describe('The pair, where grouped by its key; videos without it are in no row.'),
          ...counts,
        }),
      )
      .describe('A row for each group. Rows of one group on several pages add up.'),
    totals: z.object(counts).describe('The sums of this page.'),
    last_id: pagePlaces.last_id,
    has_more: hasMore,
  }),
  example: {
    query: { from: '2026-11-01', to: '2026-11-23', group_by: 'function' },
    answer: {
      object: 'usage',
      from: '2026-11-01',
      to: '2026-11-23',
      group_by: ['function'],
      data: [{ function: 'text_to_video', ...COUNTS_EXAMPLE }],
      totals: COUNTS_EXAMPLE,
      last_id: null,
      has_more: false,
    },
  },
} as const;

/** A payment, as a ledger entry records it. */
export const ledgerMoney = z
  .object({
    amount: z.int().describe("In the currency's smallest unit, such as cents; negative where it was paid back."),
    currency: z.string().describe('ISO 4217 in small letters.'),
    reference: z.string().describe('What the payment is found by: its id at the provider, or the reference of a bank.'),
    value_date: z
      .string()
      .nullable()
      .describe('The UTC day on which it came or went, where that is not the day of the booking.'),
  })
  .meta({ id: 'LedgerMoney', description: 'A payment, as a ledger entry records it.' });

export const listLedger = {
  entry: USAGE,
  method: 'GET',
  permission: 'credits:read',
  capability: 'read',
  path: '/v1/ledger',
  summary: 'Lists the entries of the account, newest first.',
  input: z.strictObject({
    kind: z.enum(LEDGER_KINDS).optional().describe('Only entries of this kind.'),
    from: day.optional().describe('The first UTC day.'),
    to: day.optional().describe('The last UTC day.'),
    limit: pageLimit,
    after: afterPlace,
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z
          .object({
            id: z.string().describe('The id of the entry, unique in the account.'),
            object: z.literal('ledger_entry').describe('What this is.'),
            kind: z.enum(LEDGER_KINDS).describe('What happened.'),
            booked_at: z.string().describe('When it was booked, ISO 8601 in UTC.'),
            available: z
              .int()
              .describe('What it added to the credits that can be spent; negative where it took credits away.'),
            held: z.int().describe('What it added to the credits that open videos hold.'),
            video_id: z.string().nullable().describe('The video that it is about.'),
            function: z.string().nullable().describe('The function that makes the video.'),
            model: z.string().nullable().describe('The model of the video.'),
            key_id: z.string().nullable().describe('The key, or the person, that started the video.'),
            plan: z.string().nullable().describe('The plan when the video was started.'),
            money: ledgerMoney.nullable().describe('What was paid, or paid back.'),
            reason: z.string().nullable().describe('Why, where a person booked it.'),
            reference: z.string().nullable().describe('Its reference, where a person booked it.'),
            corrects: z.string().nullable().describe('The id of the entry that it takes back or ends.'),
          })
          .meta({ id: 'LedgerEntry', description: 'An entry of the ledger, as its account reads it.' }),
      )
      .describe('Entries, newest first. A page may have fewer than requested, or none, and more after it.'),
    ...pagePlaces,
  }),
  example: {
    query: { kind: 'hold', limit: '1' },
    answer: {
      object: 'list',
      data: [
        {
          id: 'job#250473926504802#hold',
          object: 'ledger_entry',
          kind: 'hold',
          booked_at: '2026-11-23T04:13:57.000Z',
          available: -35,
          held: 35,
          video_id: 'video_250473926504802',
          function: 'text_to_video',
          model: 'v6',
          key_id: 'key_019a3f2c4d5eAbCdEfGhIjKlMn',
          plan: 'essential',
          money: null,
          reason: null,
          reference: null,
          corrects: null,
        },
      ],
      first_id: 'WyIyMDI2LTExLTIzVDA0OjEzOjU3LjAwMFoiLCJqb2IjMjUwNDczOTI2NTA0ODAyI2hvbGQiXQ',
      last_id: 'WyIyMDI2LTExLTIzVDA0OjEzOjU3LjAwMFoiLCJqb2IjMjUwNDczOTI2NTA0ODAyI2hvbGQiXQ',
      has_more: true,
    },
  },
} as const;

export const USE_AND_MONEY: Family = {
  name: 'Use and money',
  about: 'What the account made and what it cost: counts by the day, and every entry of its ledger.',
  dialect: 'platform',
  routes: { readUsage, listLedger },
  refuses: ['account_not_active'],
};
