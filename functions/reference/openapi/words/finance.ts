/** What members mean in the calls about use and money. */
import type { Words } from '../words.ts';

/** Reports, as finance asks for them. */
const REPORTS_ASKED: Words = {
  'readReport.report': 'Its name, as GET /v1/reports lists it.',
  'readReport.from': 'The first UTC day, where it is over days.',
  'readReport.to': 'The last UTC day, where it is over days; it must be over.',
  'readReport.at': 'The UTC day, where it is at the end of one; it must be over.',
  'readReport.account_id': 'Of this account only.',
  'listReportEntries.from': 'The first UTC day.',
  'listReportEntries.to': 'The last UTC day; it must be over.',
  'listReportEntries.kind': 'Kinds of entries, separated by commas; all where left out.',
  'listReportEntries.account_id': 'Of this account only.',
  'listReportEntries.plan': 'Of jobs under this plan; empty for entries without one.',
  'listReportEntries.function': 'Of jobs by this function; empty for entries without one.',
  'listReportEntries.model': 'Of jobs with this model; empty for entries without one.',
  'listReportEntries.currency': 'Paid in this currency.',
  'listReportEntries.limit': 'How many on a page; 100 where left out.',
  'listReportEntries.cursor': '`next_cursor` of the page before.',
  'readMonth.month': 'As `2026-11`.',
  'closeMonth.month': 'As `2026-11`; it must be over.',
  'closeMonth.reason': 'Why it is closed although some differences are not explained.',
};

export const FINANCE_ASKED: Words = {
  ...REPORTS_ASKED,
};

const MONTH_ANSWERED: Words = Object.fromEntries(
  ['readMonth', 'closeMonth'].flatMap(name =>
    Object.entries({
      object: 'What kind of object this is.',
      month: 'The month.',
      state: 'Of a month: open or closed. Of a day: missing, exporting or reconciled.',
      hash: 'SHA-256 of the manifest: of all files by their digests and of the month before. Null while open.',
      previous_hash: 'The hash of the month before, where that is closed.',
      reason: 'The reason that was given.',
      closed_by: 'Who closed it.',
      closed_at: 'When, ISO 8601 in UTC.',
      reproduces:
        'Whether the manifest comes out of the records again, byte for byte, and all of its files are stored as it says.',
      changed: 'Files that are gone or no longer as they were closed; the manifest, where the records do not give it.',
      blocked_by: 'Why it cannot be closed now.',
      days: 'Its days.',
      day: 'The UTC day.',
      unexplained: 'Differences that nobody explains.',
      causes: 'Differences by their cause.',
      files: 'What was exported.',
      dataset: 'Which.',
      rows: 'How many.',
      csv: 'The file as CSV.',
      parquet: 'The file as Parquet.',
      key: 'Where it is in the reports bucket.',
      bytes: 'How long it is.',
      sha256: 'Its digest.',
      checksum: 'The SHA-256 that S3 keeps of it, in base64; of a file in parts, that of their checksums.',
    }).map(([member, words]) => [`${name}.${member}`, words]),
  ),
);

const REPORTS_ANSWERED: Words = {
  ...MONTH_ANSWERED,
  'listReports.object': 'What kind of object this is.',
  'listReports.data': 'The reports.',
  'listReports.name': 'Its name.',
  'listReports.about': 'What it says.',
  'listReports.period': '`days`: give `from` and `to`. `date`: give `at`.',
  'listReports.url': 'Where it is.',
  'readReport.object': 'What kind of object this is.',
  'readReport.report': 'Its name.',
  'readReport.from': 'The first day that was read.',
  'readReport.to': 'The last day that was read.',
  'readReport.missing_days':
    'Days without a finished export, which are not in it. Where it is at a date: those since the first that is exported.',
  'readReport.complete_from':
    'From this day to the last every day is exported; null where the last is not. What is at a date lacks what was before.',
  'readReport.rows': 'Its rows.',
  'readReport.values': 'The columns by their names.',
  'readReport.trace': 'Where the ledger entries are that it is made of.',
  'readReport.totals': 'Sums of the columns that can be added up.',
  'listReportEntries.object': 'What kind of object this is.',
  'listReportEntries.data': 'Entries in the order of their booking, with the columns of `ledger_entries`.',
  'listReportEntries.has_more': 'Whether there is another page.',
  'listReportEntries.next_cursor': 'Of the next page; null where there is none.',
};

export const FINANCE_ANSWERED: Words = {
  ...REPORTS_ANSWERED,
};
