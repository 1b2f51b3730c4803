/** What finance reads: reports over the exported days, the ledger entries that each number is made of, and closed months. */
import * as z from 'zod';
import { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import type { Entry, Family } from '../http/route.ts';
import { day, whole } from '../usage/usage-contract.ts';

const REPORTS: Entry = {
  source: 'functions/finance/reports.lambda.ts',
  uses: { core: ['Query'], reports: ['query'] },
};

const MONTHS: Entry = {
  source: 'functions/finance/months.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'ConditionCheckItem', 'Query'], reports: ['close'] },
};

export const REPORT_NAMES = [
  'plans',
  'accounts',
  'revenue',
  'refunds',
  'credits-outstanding',
  'fees-paid',
  'reconciliation',
] as const;
export type ReportName = (typeof REPORT_NAMES)[number];

const finance = { roles: ['finance'] } as const;
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'it must be a month as YYYY-MM');
const text = (longest: number) => z.string().min(1).max(longest);
const cell = z.union([z.string(), z.int(), z.null()]);

const CSV = { accept: '`text/csv` for the rows as CSV.' } as const;
const REPORT_CSV = {
  accept: '`text/csv` for the rows as CSV; the header `missing-days` says how many days are not in them.',
} as const;

export const listReports = {
  entry: REPORTS,
  ...finance,
  method: 'GET',
  path: '/v1/reports',
  summary: 'Lists the reports, what each says and which period it takes.',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        name: z.enum(REPORT_NAMES),
        object: z.literal('report_description'),
        about: z.string(),
        period: z.enum(['days', 'date']),
        url: z.string(),
      }),
    ),
  }),
} as const;

export const readReport = {
  entry: REPORTS,
  ...finance,
  method: 'GET',
  path: '/v1/reports/{report}',
  summary: 'Reads a report over exported days, with the days that are missing and links to the entries of each row.',
  input: z.strictObject({
    report: z.enum(REPORT_NAMES, `it must be one of ${REPORT_NAMES.join(', ')}`),
    from: day.optional(),
    to: day.optional(),
    at: day.optional(),
    account_id: text(100).optional(),
  }),
  output: z.object({
    object: z.literal('report'),
    report: z.enum(REPORT_NAMES),
    from: z.string(),
    to: z.string(),
    missing_days: z.array(z.string()),
    complete_from: z.string().nullable(),
    rows: z.array(z.object({ values: z.record(z.string(), cell), trace: z.string().nullable() })),
    totals: z.record(z.string(), z.int()),
    trace: z.string(),
  }),
  headers: REPORT_CSV,
} as const;

export const listReportEntries = {
  entry: REPORTS,
  ...finance,
  method: 'GET',
  path: '/v1/reports/entries',
  summary: 'Lists the ledger entries of exported days, of all accounts, that a number of a report is made of.',
  input: z.strictObject({
    from: day,
    to: day,
    kind: z
      .string()
      .transform(kinds => kinds.split(','))
      .pipe(z.array(z.enum(LEDGER_KINDS, `it must be of ${LEDGER_KINDS.join(', ')}, separated by commas`)))
      .optional(),
    account_id: text(100).optional(),
    plan: z.string().max(100).optional(),
    function: z.string().max(100).optional(),
    model: z.string().max(100).optional(),
    currency: text(10).optional(),
    limit: whole(1, 1000).optional(),
    cursor: text(512).optional(),
  }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(z.record(z.string(), cell)),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
  headers: CSV,
} as const;

const file = z.object({ key: z.string(), bytes: z.int(), sha256: z.string(), checksum: z.string() });

const monthObject = z.object({
  object: z.literal('month'),
  month,
  state: z.enum(['open', 'closed']),
  hash: z.string().nullable(),
  previous_hash: z.string().nullable(),
  reason: z.string().nullable(),
  closed_by: z.string().nullable(),
  closed_at: z.string().nullable(),
  reproduces: z.boolean().nullable(),
  changed: z.array(z.string()),
  blocked_by: z.string().nullable(),
  days: z.array(
    z.object({
      day: z.string(),
      state: z.enum(['missing', 'exporting', 'reconciled']),
      unexplained: z.int(),
      causes: z.record(z.string(), z.int()),
      files: z.array(z.object({ dataset: z.string(), rows: z.int(), csv: file, parquet: file })),
    }),
  ),
});

export const readMonth = {
  entry: MONTHS,
  ...finance,
  method: 'GET',
  path: '/v1/reports/months/{month}',
  summary: 'Reads how a month stands, and whether a closed one still has the files that it was closed with.',
  input: z.strictObject({ month }),
  output: monthObject,
} as const;

export const closeMonth = {
  entry: MONTHS,
  ...finance,
  method: 'POST',
  path: '/v1/reports/months/{month}/close',
  summary: 'Closes a month whose days are all exported and reconciled: from then on its files stay as they are.',
  input: z.strictObject({ month, reason: z.string().trim().min(1).max(1000).optional() }),
  output: monthObject,
} as const;

export const REPORT_LIST: Family = {
  name: 'Reports',
  about: 'For finance: reports over the exported days, the entries that each number is made of, and closed months.',
  dialect: 'platform',
  routes: { listReports, readReport, listReportEntries, readMonth, closeMonth },
  refuses: ['wrong_state', 'busy'],
};
