/**
 * The reports, as data: one adds a report by adding a row here. Its columns are SQL within what Trino and others read
 * alike: SUM, CASE, COALESCE. Every report reads only the partitions of its days, and every row can be traced to the
 * ledger entries that it is made of. Money is in the currency's smallest unit; `list_usd_cents` is what the credits beside
 * it cost at list price.
 */
import type { LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';

export interface ReportColumn {
  /**
   * `key` and `text`: rows are grouped by it; the entries of a row share its keys. `label`: what a key is called. `number`
   * and `sum`: an aggregate; a sum is added up in the totals.
   */
  readonly type: 'key' | 'text' | 'label' | 'number' | 'sum';
  readonly sql: string;
}

const key = (sql: string): ReportColumn => ({ type: 'key', sql });
const text = (sql: string): ReportColumn => ({ type: 'text', sql });
/** Whether its entries are of days that are exported for good; the query knows since when they are not. */
const STATUS = { status: key('status') };
/** An account with its name: the latest, where it changed. */
const ACCOUNT = {
  account_id: key('account_id'),
  account_name: { type: 'label', sql: "SUBSTR(MAX(day || COALESCE(account_name, '')), 11)" },
} as const;
/** Differences that a person has to look into, account by account. */
const UNCLEAR = "cause IN ('unexplained', 'key_unknown')";
const number = (sql: string): ReportColumn => ({ type: 'number', sql });
const sum = (sql: string): ReportColumn => ({ type: 'sum', sql });
const count = (kind: string) => sum(`SUM(CASE WHEN kind = '${kind}' THEN 1 ELSE 0 END)`);
const credits = (kind: string, amount = 'available') =>
  sum(`SUM(CASE WHEN kind = '${kind}' THEN ${amount} ELSE 0 END)`);

/** A credit is a cent at list price. */
const listed = (credits: string) => sum(credits);
const money = (kind: string) => number(`SUM(CASE WHEN kind IN (${kind}) THEN COALESCE(money_amount, 0) ELSE 0 END)`);

/** A whole number as it was on the last of the days. */
const latest = (column: string) => `CAST(SUBSTR(MAX(day || CAST(${column} AS VARCHAR)), 11) AS BIGINT)`;

export interface Report {
  readonly about: string;
  /** Over some days; or at the end of a date, over all days until then or over the twelve months until then. */
  readonly period: 'days' | 'until_date' | 'twelve_months_until_date';
  /** Rows are ordered by those that they are grouped by. */
  readonly columns: Readonly<Record<string, ReportColumn>>;
  /** The kinds of ledger entries that it is made of; all where empty. */
  readonly kinds: readonly (typeof LEDGER_KINDS)[number][];
  /** What it reads of the rows that `where` selects, its days and account; the ledger entries of its kinds where absent. */
  readonly from?: (where: string) => string;
}

const TABLE = {
  plans: {
    about: 'By plan: requests that API Gateway counted, jobs, credits charged and given back.',
    period: 'days',
    columns: {
      plan: key('plan'),
      ...STATUS,
      requests: sum('SUM(requests)'),
      jobs_started: sum('SUM(started)'),
      jobs_charged: sum('SUM(charged)'),
      credits_charged: sum('SUM(revenue)'),
      list_usd_cents: listed('SUM(revenue)'),
      credits_released: sum('SUM(released)'),
    },
    kinds: ['hold', 'capture', 'release'],
    from: where => `(
  SELECT day, plan, requests, 0 AS started, 0 AS charged, 0 AS revenue, 0 AS released FROM gateway_usage WHERE ${where}
  UNION ALL
  SELECT day, COALESCE(plan, '') AS plan, 0 AS requests,
    CASE WHEN kind = 'hold' THEN 1 ELSE 0 END AS started, CASE WHEN kind = 'capture' THEN 1 ELSE 0 END AS charged,
    revenue, CASE WHEN kind = 'release' THEN available ELSE 0 END AS released
  FROM ledger_entries WHERE ${where} AND kind IN ('hold', 'capture', 'release')
) AS counted`,
  },
  accounts: {
    about:
      'By account and currency: jobs, and what was bought, charged, given back, taken back, expired and adjusted, in credits, with what was paid and paid back; without a currency what no money moved.',
    period: 'days',
    columns: {
      ...ACCOUNT,
      currency: key("COALESCE(money_currency, '')"),
      ...STATUS,
      jobs_started: count('hold'),
      jobs_charged: count('capture'),
      credits_charged: sum('SUM(revenue)'),
      list_usd_cents: listed('SUM(revenue)'),
      credits_released: credits('release'),
      credits_bought: credits('purchase'),
      paid: money("'purchase'"),
      credits_given: credits('grant'),
      credits_taken_back: sum("SUM(CASE WHEN kind IN ('refund', 'reversal') THEN -available ELSE 0 END)"),
      paid_back: number("SUM(CASE WHEN kind IN ('refund', 'reversal') THEN COALESCE(-money_amount, 0) ELSE 0 END)"),
      credits_expired: credits('expiry', '-available'),
      credits_adjusted: credits('adjustment'),
    },
    kinds: [],
  },
  revenue: {
    about: 'By day, function and model: jobs that were charged, and their credits.',
    period: 'days',
    columns: {
      day: key('day'),
      function: key("COALESCE(function, '')"),
      model: key("COALESCE(model, '')"),
      ...STATUS,
      jobs_charged: sum('COUNT(*)'),
      credits_charged: sum('SUM(revenue)'),
      list_usd_cents: listed('SUM(revenue)'),
    },
    kinds: ['capture'],
  },
  refunds: {
    about:
      'By account: credits of jobs that were given back, and money that was paid back or whose payment was reversed, in its smallest unit.',
    period: 'days',
    columns: {
      ...ACCOUNT,
      kind: key('kind'),
      currency: key("COALESCE(money_currency, '')"),
      ...STATUS,
      entries: sum('COUNT(*)'),
      credits: sum("SUM(CASE WHEN kind = 'release' THEN available ELSE -available END)"),
      money: number('SUM(COALESCE(-money_amount, 0))'),
    },
    kinds: ['release', 'refund', 'reversal'],
  },
  'credits-outstanding': {
    about: 'By account, at the end of a date: credits that can be spent and credits that open jobs hold.',
    period: 'until_date',
    columns: {
      ...ACCOUNT,
      ...STATUS,
      available: sum('SUM(available)'),
      held: sum('SUM(held)'),
      outstanding: sum('SUM(available + held)'),
      list_usd_cents: listed('SUM(available + held)'),
    },
    kinds: [],
  },
  'fees-paid': {
    about:
      'By account, at a date: what was actually paid in the twelve months before its end, by the day on which the money came, less what was paid back or reversed.',
    period: 'twelve_months_until_date',
    columns: {
      ...ACCOUNT,
      currency: key('money_currency'),
      ...STATUS,
      credits: sum('SUM(available)'),
      paid: number('SUM(CASE WHEN money_amount > 0 THEN money_amount ELSE 0 END)'),
      paid_back: number('SUM(CASE WHEN money_amount < 0 THEN -money_amount ELSE 0 END)'),
      fees: number('SUM(money_amount)'),
    },
    kinds: ['purchase', 'refund', 'reversal'],
  },
  'revenue-recognised': {
    about:
      'By account and currency: what was sold, paid back and, as its credits were used, earned; of exported days, which today is not.',
    period: 'days',
    columns: {
      ...ACCOUNT,
      currency: text("COALESCE(currency, '')"),
      ...STATUS,
      sold: number('SUM(sold)'),
      refunded: number('SUM(refunded)'),
      recognised: number('SUM(recognised)'),
      credits_used: sum('SUM(credits_used)'),
      credits_expired: sum('SUM(credits_expired)'),
    },
    kinds: [],
    from: where => `recognised_revenue WHERE ${where}`,
  },
  'deferred-revenue': {
    about:
      'By account and currency, at the end of a date: what is paid and not yet earned, and the credits that are left of it; without a currency credits that were given. Of exported days, which today is not.',
    period: 'until_date',
    columns: {
      ...ACCOUNT,
      currency: text("COALESCE(currency, '')"),
      ...STATUS,
      deferred: number(latest('deferred_after')),
      credits_left: sum(latest('credits_after')),
    },
    kinds: [],
    from: where => `recognised_revenue WHERE ${where}`,
  },
  reconciliation: {
    about:
      'By day and cause: where the ledger differs from jobs, from counts of usage and from what API Gateway counted.',
    period: 'days',
    columns: {
      day: key('day'),
      beside: text('beside'),
      measure: text('measure'),
      cause: text('cause'),
      account_id: key(`CASE WHEN ${UNCLEAR} THEN account_id ELSE '' END`),
      account_name: {
        type: 'label',
        sql: `SUBSTR(MAX(CASE WHEN ${UNCLEAR} THEN day || COALESCE(account_name, '') ELSE '' END), 11)`,
      },
      ...STATUS,
      differences: sum('COUNT(*)'),
      difference: number('SUM(difference)'),
    },
    kinds: [],
    from: where => `reconciliation WHERE ${where}`,
  },
} as const satisfies Readonly<Record<string, Report>>;

export type ReportName = keyof typeof TABLE;
export const REPORTS: Readonly<Record<ReportName, Report>> = TABLE;
export const REPORT_NAMES = Object.keys(TABLE) as ReportName[];
