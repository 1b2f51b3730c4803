/** The books of a month: how it is read, and closed. */
import * as z from 'zod';
import type { Entry } from '../http/route.ts';
import { day } from '../usage/usage-contract.ts';
import { DATASET_NAMES, FORMS } from './dataset-contract.ts';

const MONTHS: Entry = {
  source: 'functions/finance/months.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'ConditionCheckItem', 'Query', 'Query accounts'],
    reports: ['close'],
    exports: ['start'],
  },
};

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'it must be a month as YYYY-MM');

const file = z
  .object({
    key: z.string().describe('Its key in the reports bucket.'),
    link: z.string().describe('The path that gives a link to it.'),
    bytes: z.int().describe('How large it is.'),
    sha256: z.string().describe('Its SHA-256 as hex digits.'),
    checksum: z.string().describe('The SHA-256 that S3 keeps, in base64; of a file in parts, of their checksums.'),
  })
  .meta({ id: 'ReportFile', description: 'A file of an exported day.' });

const monthObject = z
  .object({
    object: z.literal('month').describe('What this is.'),
    month: month.describe('The month.'),
    state: z.enum(['open', 'closed']).describe('Whether it is closed.'),
    hash: z
      .string()
      .nullable()
      .describe('SHA-256 of the manifest of its files and of the month before. Null while open.'),
    previous_hash: z.string().nullable().describe('That of the month before, where it is closed.'),
    reason: z.string().nullable().describe('The reason that was given.'),
    closed_by: z.string().nullable().describe('Who closed it.'),
    closed_at: z.string().nullable().describe('When it was closed, ISO 8601 in UTC.'),
    reproduces: z
      .boolean()
      .nullable()
      .describe('Whether the records give the manifest again, byte for byte, and all files are stored as it says.'),
    changed: z.array(z.string()).describe('Files that are gone or not as they were closed, the manifest with them.'),
    blocked_by: z.string().nullable().describe('Why it cannot be closed now.'),
    revenue: z
      .array(
        z.object({
          currency: z.string().describe('ISO 4217.'),
          deferred_before: z
            .int()
            .nullable()
            .describe('Paid and not earned before it; null until the month before is closed.'),
          sold: z.int().describe('What was paid.'),
          refunded: z.int().describe('What was paid back.'),
          recognised: z.int().describe('What was earned.'),
          deferred_after: z.int().nullable().describe('Paid and not earned after it; null as `deferred_before`.'),
        }),
      )
      .describe('By currency, in its smallest unit, of the exported days: money is earned as its credits are used.'),
    days: z
      .array(
        z.object({
          day: z.string().describe('The UTC day.'),
          state: z
            .enum(['not_needed', 'missing', 'exporting', 'provisional', 'reconciled'])
            .describe('How far its export is; `not_needed` before the first account.'),
          unexplained: z.int().describe('Differences without a known cause.'),
          causes: z.record(z.string(), z.int()).describe('Differences by their cause.'),
          files: z
            .array(
              z.object({
                dataset: z.string().describe('The name of the dataset.'),
                rows: z.int().describe('How many rows it has.'),
                csv: file.describe('The file as CSV.'),
                parquet: file.describe('The file as Parquet.'),
              }),
            )
            .describe('What was exported.'),
        }),
      )
      .describe('Its days.'),
  })
  .meta({ id: 'Month', description: 'The books of a month.' });

const CLOSED = {
  object: 'month',
  month: '2026-10',
  state: 'closed',
  hash: '6b3f0c8c4c1d8f5d…',
  previous_hash: null,
  reason: null,
  closed_by: 'staff_5f0c',
  closed_at: '2026-11-02T09:00:00.000Z',
  reproduces: true,
  changed: [],
  blocked_by: null,
  revenue: [
    {
      currency: 'usd',
      deferred_before: 0,
      sold: 85_000,
      refunded: 0,
      recognised: 1530,
      deferred_after: 83_470,
    },
  ],
  days: [
    {
      day: '2026-10-01',
      state: 'reconciled',
      unexplained: 0,
      causes: { requests_without_job: 12 },
      files: [
        {
          dataset: 'ledger_entries',
          rows: 6400,
          csv: {
            key: 'csv/ledger_entries/day=2026-10-01/data.csv',
            link: 'https://api.example.com/v1/reports/files/2026-10-01/ledger_entries?form=csv',
            bytes: 1048576,
            sha256: 'b94d…',
            checksum: 'uU0n…',
          },
          parquet: {
            key: 'parquet/ledger_entries/day=2026-10-01/data.parquet',
            link: 'https://api.example.com/v1/reports/files/2026-10-01/ledger_entries?form=parquet',
            bytes: 262144,
            sha256: '4355…',
            checksum: 'Q1Xk…',
          },
        },
      ],
    },
  ],
};

export const readMonth = {
  entry: MONTHS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports/months/{month}',
  summary: 'Reads the state of a month, and whether a closed one still has the files that it was closed with.',
  input: z.strictObject({ month: month.describe('The month, such as `2026-11`.') }),
  output: monthObject,
  example: { path: { month: '2026-10' }, answer: CLOSED },
} as const;

export const closeMonth = {
  entry: MONTHS,
  roles: ['finance'],
  method: 'POST',
  path: '/v1/reports/months/{month}/close',
  summary:
    'Closes a month after exporting what is missing: its files then stay as they are. 202 where exports take longer: send it again.',
  input: z.strictObject({
    month: month.describe('The month, such as `2026-11`; it must be over.'),
    reason: z
      .string()
      .trim()
      .min(1)
      .max(1000)
      .optional()
      .describe('Why it is closed with differences of no known cause.'),
  }),
  output: monthObject,
  example: { path: { month: '2026-10' }, body: {}, answer: CLOSED },
} as const;

export const linkReportFile = {
  entry: MONTHS,
  roles: ['finance'],
  method: 'GET',
  path: '/v1/reports/files/{day}/{dataset}',
  summary: 'Links to a file of an exported day, such as its ledger.',
  input: z.strictObject({
    day: day.describe('The UTC day.'),
    dataset: z
      .enum(DATASET_NAMES, `it must be one of ${DATASET_NAMES.join(', ')}`)
      .describe('The name of the dataset.'),
    form: z
      .enum(FORMS, `it must be one of ${FORMS.join(', ')}`)
      .optional()
      .describe('`csv` where left out.'),
  }),
  output: z.object({
    object: z.literal('report_file').describe('What this is.'),
    sha256: z.string().describe('Its SHA-256 as hex digits.'),
    url: z.string().describe('Where it is downloaded without a token.'),
    expires_at: z.string().describe('Until when, ISO 8601 in UTC.'),
  }),
  example: {
    path: { day: '2026-10-01', dataset: 'ledger_entries' },
    query: { form: 'csv' },
    answer: {
      object: 'report_file',
      sha256: 'b94d…',
      url: 'https://reports.s3.amazonaws.com/csv/…',
      expires_at: '2026-11-02T09:15:00.000Z',
    },
  },
} as const;
