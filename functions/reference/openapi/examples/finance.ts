/** Calls about use and money. */
import type { Example } from '../../../http/route.ts';

const CLOSED = {
  ...{ object: 'month', month: '2026-10', state: 'closed', previous_hash: null, reason: null },
  hash: '6b3f0c8c4c1d8f5d2c64b5bd1d2d0f4f5c5a7b0e6a3f9a53f0a5f6f0b6d7a1c2',
  ...{ closed_by: 'staff_5f0c', closed_at: '2026-11-02T09:00:00.000Z', reproduces: true },
  ...{ changed: [], blocked_by: null },
  days: [
    {
      ...{ day: '2026-10-01', state: 'reconciled', unexplained: 0, causes: { requests_without_job: 12 } },
      files: [
        {
          ...{ dataset: 'ledger_entries', rows: 6400 },
          csv: {
            ...{ key: 'csv/ledger_entries/day=2026-10-01/data.csv', bytes: 1048576 },
            ...{ sha256: 'b94d…', checksum: 'uU0n…' },
          },
          parquet: {
            ...{ key: 'parquet/ledger_entries/day=2026-10-01/data.parquet', bytes: 262144 },
            ...{ sha256: '4355…', checksum: 'Q1Xk…' },
          },
        },
      ],
    },
  ],
};
const ENTRIES = '/v1/reports/entries?from=2026-10-01&to=2026-10-31&kind=capture';

export const FINANCE: Readonly<Record<string, Example>> = {
  listReports: {
    answer: {
      object: 'list',
      data: [
        {
          ...{ name: 'revenue', object: 'report_description', period: 'days', url: '/v1/reports/revenue' },
          about: 'By day, function and model: jobs that were charged, and their credits.',
        },
      ],
    },
  },
  readReport: {
    path: { report: 'revenue' },
    query: { from: '2026-10-01', to: '2026-10-31' },
    answer: {
      ...{ object: 'report', report: 'revenue', from: '2026-10-01', to: '2026-10-31' },
      ...{ missing_days: [], complete_from: '2026-10-01' },
      rows: [
        {
          values: { day: '2026-10-01', function: 'extend', model: 'v6', jobs_charged: 40, credits_charged: 1800 },
          trace: '/v1/reports/entries?from=2026-10-01&to=2026-10-01&kind=capture&function=extend&model=v6',
        },
      ],
      ...{ totals: { jobs_charged: 40, credits_charged: 1800 }, trace: ENTRIES },
    },
  },
  listReportEntries: {
    query: { from: '2026-10-01', to: '2026-10-31', kind: 'capture', limit: '1' },
    answer: {
      object: 'list',
      data: [
        {
          ...{ day: '2026-10-01', entry_id: 'job#250473926504802#settle', account_id: 'acct_019a3f2c4d5e' },
          ...{ kind: 'capture', booked_at: '2026-10-01T04:14:12.000Z', available: 0, held: -45, revenue: 45 },
          ...{ job_id: 250473926504802, function: 'extend', model: 'v6', money_amount: null },
        },
      ],
      ...{ has_more: true, next_cursor: 'WyIyMDI2LTEwLTAxVDA0OjE0OjEyLjAwMFoiXQ' },
    },
  },
  readMonth: { path: { month: '2026-10' }, answer: CLOSED },
  closeMonth: { path: { month: '2026-10' }, body: {}, answer: CLOSED },
};
