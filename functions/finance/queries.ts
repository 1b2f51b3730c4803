/**
 * Reports as SQL over the exported days. It stays within what Trino and others read alike: SELECT, GROUP BY, SUM, CASE.
 * Every report reads only the partitions of its days, and every row can be traced to the ledger entries it is made of.
 */
import type { ReportName } from './report-contract.ts';

/** UTC days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

export interface Report {
  readonly about: string;
  /** Over some days, or at the end of one. */
  readonly period: 'days' | 'date';
  /** In the order of the SELECT; `#` behind a name is a number that is added up in the totals. */
  readonly columns: readonly string[];
  readonly sql: (period: Period, account: string | undefined) => string;
  /** The kinds of entries that it is made of. */
  readonly kinds: readonly string[];
  /** Columns of a row that its entries share. */
  readonly tracedBy: readonly string[];
}

const counted = (kind: string, name: string): string => `SUM(CASE WHEN kind = '${kind}' THEN 1 ELSE 0 END) AS ${name}`;

export const REPORTS: Readonly<Record<ReportName, Report>> = {
  plans: {
    about: 'By plan: requests that API Gateway counted, jobs, credits charged and given back.',
    period: 'days',
    columns: ['plan', 'requests#', 'jobs_started#', 'jobs_charged#', 'credits_charged#', 'credits_released#'],
    sql: (period, account) => `
SELECT plan, SUM(requests) AS requests, SUM(started) AS jobs_started, SUM(charged) AS jobs_charged,
  SUM(revenue) AS credits_charged, SUM(released) AS credits_released
FROM (
  SELECT plan, requests, 0 AS started, 0 AS charged, 0 AS revenue, 0 AS released
  FROM gateway_usage WHERE ${within(period, account)}
  UNION ALL
  SELECT COALESCE(plan, '') AS plan, 0 AS requests,
    CASE WHEN kind = 'hold' THEN 1 ELSE 0 END AS started, CASE WHEN kind = 'capture' THEN 1 ELSE 0 END AS charged,
    revenue, CASE WHEN kind = 'release' THEN available ELSE 0 END AS released
  FROM ledger_entries WHERE ${within(period, account)} AND kind IN ('hold', 'capture', 'release')
) AS counted GROUP BY plan ORDER BY plan`,
    kinds: ['hold', 'capture', 'release'],
    tracedBy: ['plan'],
  },
  accounts: {
    about: 'By account: jobs, and what was bought, charged, given back, taken back, expired and adjusted, in credits.',
    period: 'days',
    columns: [
      ...['account_id', 'jobs_started#', 'jobs_charged#', 'credits_charged#', 'credits_released#', 'credits_bought#'],
      ...['credits_given#', 'credits_taken_back#', 'credits_expired#', 'credits_adjusted#'],
    ],
    sql: (period, account) => `
SELECT account_id, ${counted('hold', 'jobs_started')}, ${counted('capture', 'jobs_charged')},
  SUM(revenue) AS credits_charged, SUM(CASE WHEN kind = 'release' THEN available ELSE 0 END) AS credits_released,
  SUM(CASE WHEN kind = 'purchase' THEN available ELSE 0 END) AS credits_bought,
  SUM(CASE WHEN kind = 'grant' THEN available ELSE 0 END) AS credits_given,
  SUM(CASE WHEN kind = 'refund' THEN -available ELSE 0 END) AS credits_taken_back,
  SUM(CASE WHEN kind = 'expiry' THEN -available ELSE 0 END) AS credits_expired,
  SUM(CASE WHEN kind = 'adjustment' THEN available ELSE 0 END) AS credits_adjusted
FROM ledger_entries WHERE ${within(period, account)} GROUP BY account_id ORDER BY account_id`,
    kinds: [],
    tracedBy: ['account_id'],
  },
  revenue: {
    about: 'By day, function and model: jobs that were charged, and their credits.',
    period: 'days',
    columns: ['day', 'function', 'model', 'jobs_charged#', 'credits_charged#'],
    sql: (period, account) => `
SELECT day, COALESCE(function, '') AS function, COALESCE(model, '') AS model, COUNT(*) AS jobs_charged,
  SUM(revenue) AS credits_charged
FROM ledger_entries WHERE ${within(period, account)} AND kind = 'capture'
GROUP BY day, COALESCE(function, ''), COALESCE(model, '') ORDER BY 1, 2, 3`,
    kinds: ['capture'],
    tracedBy: ['day', 'function', 'model'],
  },
  refunds: {
    about: 'By account: credits of jobs that were given back, and money that was paid back, in its smallest unit.',
    period: 'days',
    columns: ['account_id', 'kind', 'currency', 'entries#', 'credits#', 'money'],
    sql: (period, account) => `
SELECT account_id, kind, COALESCE(money_currency, '') AS currency, COUNT(*) AS entries,
  SUM(CASE WHEN kind = 'release' THEN available ELSE -available END) AS credits,
  SUM(COALESCE(-money_amount, 0)) AS money
FROM ledger_entries WHERE ${within(period, account)} AND kind IN ('release', 'refund')
GROUP BY account_id, kind, COALESCE(money_currency, '') ORDER BY 1, 2, 3`,
    kinds: ['release', 'refund'],
    tracedBy: ['account_id', 'kind', 'currency'],
  },
  'credits-outstanding': {
    about: 'By account, at the end of a date: credits that can be spent and credits that open jobs hold.',
    period: 'date',
    columns: ['account_id', 'available#', 'held#', 'outstanding#'],
    sql: (period, account) => `
SELECT account_id, SUM(available) AS available, SUM(held) AS held, SUM(available + held) AS outstanding
FROM ledger_entries WHERE ${within(period, account)} GROUP BY account_id ORDER BY account_id`,
    kinds: [],
    tracedBy: ['account_id'],
  },
  'fees-paid': {
    about:
      'By account, at a date: what was actually paid in the twelve months before its end, less what was paid back.',
    period: 'date',
    columns: ['account_id', 'currency', 'paid', 'paid_back', 'fees'],
    sql: (period, account) => `
SELECT account_id, money_currency AS currency,
  SUM(CASE WHEN money_amount > 0 THEN money_amount ELSE 0 END) AS paid,
  SUM(CASE WHEN money_amount < 0 THEN -money_amount ELSE 0 END) AS paid_back, SUM(money_amount) AS fees
FROM ledger_entries WHERE ${within(period, account)} AND money_amount IS NOT NULL
GROUP BY account_id, money_currency ORDER BY account_id, money_currency`,
    kinds: ['purchase', 'refund'],
    tracedBy: ['account_id', 'currency'],
  },
  reconciliation: {
    about:
      'By day and cause: where the ledger differs from jobs, from counts of usage and from what API Gateway counted.',
    period: 'days',
    columns: ['day', 'beside', 'measure', 'cause', 'account_id', 'differences#', 'difference'],
    sql: (period, account) => `
SELECT day, beside, measure, cause,
  CASE WHEN cause IN ('unexplained', 'key_unknown') THEN account_id ELSE '' END AS account_id,
  COUNT(*) AS differences, SUM(difference) AS difference
FROM reconciliation WHERE ${within(period, account)}
GROUP BY day, beside, measure, cause,
  CASE WHEN cause IN ('unexplained', 'key_unknown') THEN account_id ELSE '' END ORDER BY 1, 2, 3, 4, 5`,
    kinds: [],
    tracedBy: ['day', 'account_id'],
  },
};

export interface EntryQuery extends Period {
  readonly kinds?: readonly string[];
  readonly account?: string;
  readonly plan?: string;
  readonly function?: string;
  readonly model?: string;
  readonly currency?: string;
  readonly limit: number;
  /** The last entry of the page before. */
  readonly after?: readonly [bookedAt: string, account: string, id: string];
}

export const ENTRY_COLUMNS = [
  ...['day', 'entry_id', 'account_id', 'kind', 'booked_at', 'available#', 'held#', 'revenue#', 'issued#', 'sold#'],
  ...['expired#', 'adjusted#', 'job_id', 'function', 'model', 'key_id', 'plan', 'money_amount', 'money_currency'],
  'money_reference',
];

/** One entry more than the page: it tells whether there is another. */
export function entriesSql(query: EntryQuery): string {
  const { kinds = [], after, limit } = query;
  const equal = Object.entries({ plan: query.plan, function: query.function, model: query.model })
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `COALESCE(${name}, '') = ${quoted(value)}`);
  const [time = '', account = '', id = ''] = (after ?? []).map(quoted);
  const conditions = [
    within(query, query.account),
    ...(kinds.length > 0 ? [`kind IN (${kinds.map(quoted).join(', ')})`] : []),
    ...equal,
    ...(query.currency === undefined ? [] : [`money_currency = ${quoted(query.currency)}`]),
    ...(after
      ? [
          `(booked_at > ${time} OR (booked_at = ${time} AND (account_id > ${account} OR (account_id = ${account} AND entry_id > ${id}))))`,
        ]
      : []),
  ];
  return `SELECT ${ENTRY_COLUMNS.map(plain).join(', ')} FROM ledger_entries WHERE ${conditions.join(' AND ')}
ORDER BY booked_at, account_id, entry_id LIMIT ${limit + 1}`;
}

/** A column's name without its mark. */
export function plain(column: string): string {
  return column.replace('#', '');
}

function within({ from, to }: Period, account: string | undefined): string {
  const days = `day BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  return account === undefined ? days : `${days} AND account_id = ${quoted(account)}`;
}

/** Text in SQL: a quote in it is written twice, and nothing else has a meaning there. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
