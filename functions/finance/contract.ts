/** What finance reads: reports over the exported days, the ledger entries that each number is made of, and closed months. */
import * as z from 'zod';
import { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import { afterPlace, pageNumber, pagePlaces, wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { day } from '../usage/usage-contract.ts';
import { closeMonth, readMonth } from './months-contract.ts';
import { REPORT_NAMES } from './reports-contract.ts';

const REPORTS: Entry = {
  source: 'functions/finance/reports.lambda.ts',
  uses: { core: ['Query'], reports: ['query'] },
};

const accountId = z.string().min(1).max(100).optional().describe('Only of this account.');
const cell = z.union([z.string(), z.int(), z.null()]).describe('Text, a whole number, or null where it is empty.');

const CSV = { accept: '`text/csv` for the rows as CSV.' } as const;
const REPORT_CSV = {
  accept: '`text/csv` for the rows as CSV; the header `missing-days` has the number of days that are not in them.',
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
          url: '/v1/reports/revenue',
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
  summary: 'Reads a report over exported days, with the days that are missing and links to the entries of each row.',
  input: z.strictObject({
    report: z
      .enum(REPORT_NAMES, `it must be one of ${REPORT_NAMES.join(', ')}`)
      .describe('The name of a report, as GET /v1/reports lists it.'),
    from: day.optional().describe('The first UTC day, where the report is over days.'),
    to: day.optional().describe('The last UTC day, where the report is over days; it must be over.'),
    at: day.optional().describe('The UTC day, where the report is at the end of one; it must be over.'),
    account_id: accountId,
  }),
  output: z.object({
    object: z.literal('report').describe('What this is.'),
    report: z.enum(REPORT_NAMES).describe('The name of the report.'),
    from: z.string().describe('The first day that was read.'),
    to: z.string().describe('The last day that was read.'),
    missing_days: z
      .array(z.string())
      .describe(
        'Days without a finished export, which are not in it; for a report at a date, those since the first exported day.',
      ),
    complete_from: z
      .string()
      .nullable()
      .describe(
        'From this day to the last every day is exported; null where the last is not. A report at a date lacks what was before.',
      ),
    rows: z
      .array(
        z.object({
          values: z.record(z.string(), cell).describe('The values of the row by the names of their columns.'),
          trace: z.string().nullable().describe('The path of the ledger entries that the row is made of.'),
        }),
      )
      .describe('The rows of the report.'),
    totals: z.record(z.string(), z.int()).describe('The sums of the columns that can be added up.'),
    trace: z.string().describe('The path of the ledger entries that the report is made of.'),
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
      complete_from: '2026-10-01',
      rows: [
        {
          values: { day: '2026-10-01', function: 'extend', model: 'v6', jobs_charged: 40, credits_charged: 1800 },
          trace: '/v1/reports/entries?from=2026-10-01&to=2026-10-01&kind=capture&function=extend&model=v6',
        },
      ],
      totals: { jobs_charged: 40, credits_charged: 1800 },
      trace: '/v1/reports/entries?from=2026-10-01&to=2026-10-31&kind=capture',
    },
  },
} as const;

export const listReportEntries = {
  entry: REPORTS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports/entries',
  summary: 'Lists the ledger entries of exported days, of all accounts, that a number of a report is made of.',
  input: z.strictObject({
    from: day.describe('The first UTC day.'),
    to: day.describe('The last UTC day; it must be over.'),
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
    currency: z.string().min(1).max(10).optional().describe('Paid in this currency.'),
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
          entry_id: 'job#250473926504802#settle',
          account_id: 'acct_019a3f2c4d5e',
          kind: 'capture',
          booked_at: '2026-10-01T04:14:12.000Z',
          available: 0,
          held: -45,
          revenue: 45,
          job_id: 250473926504802,
          function: 'extend',
          model: 'v6',
          money_amount: null,
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
  routes: { listReports, readReport, listReportEntries, readMonth, closeMonth },
  refuses: ['wrong_state', 'busy'],
};
