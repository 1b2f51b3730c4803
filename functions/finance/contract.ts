/** What finance reads: reports over the exported days, the ledger entries that each number is made of, and closed months. */
import * as z from 'zod';
import { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import { afterPlace, pageNumber, pagePlaces, wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { day } from '../usage/usage-contract.ts';
import { closeMonth, linkReportFile, readMonth } from './months-contract.ts';
import { REPORT_NAMES } from './reports-contract.ts';

const REPORTS: Entry = {
  source: 'functions/finance/reports.lambda.ts',
  uses: { core: ['GetItem', 'Query'], reports: ['query'], exports: ['start'] },
};

const accountId = z.string().min(1).max(100).optional().describe('Only of this account.');
const cell = z.union([z.string(), z.int(), z.null()]).describe('Text, a whole number, or null where it is empty.');

const CSV = { accept: '`text/csv` for the rows as CSV.' } as const;
const REPORT_CSV = {
  accept:
    '`text/csv` for the rows as CSV; the headers `missing-days` and `provisional-days` have the number of such days.',
} as const;

export const listReports = {
  entry: REPORTS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports',
  summary: 'Lists the reports, what each shows and which period it takes.',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          name: z.enum(REPORT_NAMES).describe('The name of the report.'),
          object: z.literal('report_description').describe('What this is.'),
          about: z.string().describe('What the report shows.'),
          period: z.enum(['days', 'date']).describe('`days`: give `from` and `to`. `date`: give `at`.'),
          url: z.string().describe('The path of the report.'),
        }),
      )
      .describe('The reports.'),
    has_more: wholeList,
  }),
  example: {
    answer: {
      object: 'list',
      data: [
        {
          name: 'revenue',
          object: 'report_description',
          about: 'By day, function and model: jobs that were charged, and their credits.',
          period: 'days',
          url: 'https://api.example.com/v1/reports/revenue',
        },
      ],
      has_more: false,
    },
  },
} as const;

export const readReport = {
  entry: REPORTS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports/{report}',
  summary: 'Reads a report, with the days that are missing and links to the entries of each row.',
  input: z.strictObject({
    report: z
      .enum(REPORT_NAMES, `it must be one of ${REPORT_NAMES.join(', ')}`)
      .describe('The name of a report, as GET /v1/reports lists it.'),
    from: day.optional().describe('The first UTC day, where the report is over days.'),
    to: day.optional().describe('The last UTC day, where the report is over days.'),
    at: day.optional().describe('The UTC day, where the report is at the end of one.'),
    account_id: accountId,
  }),
  output: z.object({
    object: z.literal('report').describe('What this is.'),
    report: z.enum(REPORT_NAMES).describe('The name of the report.'),
    from: z.string().describe('The first day that was read.'),
    to: z.string().describe('The last day that was read.'),
    missing_days: z
      .array(z.string())
      .describe('Days that are not exported and not in it; of a report at a date, those since the first exported day.'),
    provisional: z
      .array(
        z.object({
          day: z.string().describe('The UTC day.'),
          as_of: z.string().describe('Until when its entries are in it, ISO 8601 in UTC.'),
        }),
      )
      .describe('Days that are in it and not over or not exported since; their rows are `provisional`.'),
    complete_from: z
      .string()
      .nullable()
      .describe('From this day on every day is exported; null where the last is not.'),
    rows: z
      .array(
        z.object({
          values: z.record(z.string(), cell).describe('The values of the row by the names of their columns.'),
          trace: z.string().nullable().describe('The address of the ledger entries that the row is made of.'),
        }),
      )
      .describe('The rows of the report.'),
    totals: z.record(z.string(), z.int()).describe('The sums of the columns that can be added up.'),
    trace: z.string().describe('The address of the ledger entries that the report is made of.'),
  }),
  headers: REPORT_CSV,
  example: {
    path: { report: 'revenue' },
    query: { from: '2026-10-01', to: '2026-10-31' },
    answer: {
      object: 'report',
      report: 'revenue',
      from: '2026-10-01',
      to: '2026-10-31',
      missing_days: [],
      provisional: [],
      complete_from: '2026-10-01',
      rows: [
        {
          values: {
            day: '2026-10-01',
            status: 'final',
            jobs_charged: 40,
            credits_charged: 1800,
            list_usd_cents: 1800,
          },
          trace: 'https://api.example.com/v1/reports/entries?from=2026-10-01&to=2026-10-01&kind=capture',
        },
      ],
      totals: { jobs_charged: 40, credits_charged: 1800, list_usd_cents: 1800 },
      trace: 'https://api.example.com/v1/reports/entries?from=2026-10-01&to=2026-10-31&kind=capture',
    },
  },
} as const;

export const listReportEntries = {
  entry: REPORTS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports/entries',
  summary:
    'Lists the ledger entries of all accounts that a number of a report is made of, today as far as it is known.',
  input: z.strictObject({
    from: day.describe('The first UTC day.'),
    to: day.describe('The last UTC day.'),
    value_from: day.optional().describe('Only money with this value date or a later one.'),
    value_to: day.optional().describe('Only money with this value date or an earlier one.'),
    kind: z
      .string()
      .transform(kinds => kinds.split(','))
      .pipe(z.array(z.enum(LEDGER_KINDS, `it must be of ${LEDGER_KINDS.join(', ')}, separated by commas`)))
      .optional()
      .describe('Kinds of entries, separated by commas; all where left out.'),
    account_id: accountId,
    plan: z.string().max(100).optional().describe('Of jobs under this plan; empty for entries without one.'),
    function: z.string().max(100).optional().describe('Of jobs by this function; empty for entries without one.'),
    model: z.string().max(100).optional().describe('Of jobs with this model; empty for entries without one.'),
    currency: z.string().max(10).optional().describe('Paid in this currency; empty for entries without money.'),
    limit: pageNumber(1000).describe('How many on a page, at most 1,000; 100 where left out.'),
    after: afterPlace,
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(z.record(z.string(), cell))
      .describe('Entries in the order of their booking, with the columns of `ledger_entries`.'),
    ...pagePlaces,
  }),
  headers: CSV,
  example: {
    query: { from: '2026-10-01', to: '2026-10-31', kind: 'capture', limit: '1' },
    answer: {
      object: 'list',
      data: [
        {
          day: '2026-10-01',
          entry_id: 'job#250#settle',
          account_id: 'acct_019a3f',
          account_name: 'Faro Cursos S.L.',
          kind: 'capture',
          held: -45,
          revenue: 45,
          status: 'final',
        },
      ],
      first_id: 'WyIyMDI2LTEwLTAxVDA0OjE0OjEyLjAwMFoiXQ',
      last_id: 'WyIyMDI2LTEwLTAxVDA0OjE0OjEyLjAwMFoiXQ',
      has_more: true,
    },
  },
} as const;

export const REPORT_LIST: Family = {
  name: 'Reports',
  about: 'For finance: reports over the exported days, the entries that each number is made of, and closed months.',
  dialect: 'platform',
  routes: { listReports, readReport, listReportEntries, readMonth, closeMonth, linkReportFile },
  refuses: ['wrong_state', 'busy'],
};
