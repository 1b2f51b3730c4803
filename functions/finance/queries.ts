/** The SQL of reports and of the entries behind them, over the exported days. Pure. */
import { DATASETS } from './dataset-contract.ts';
import { REPORTS, type ReportName } from './reports-contract.ts';

/** UTC days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

/** A column of a query's result. */
export interface ResultColumn {
  readonly name: string;
  readonly isNumber: boolean;
}

/** The columns of a report, in their order. */
export function reportColumns(name: ReportName): ResultColumn[] {
  return Object.entries(REPORTS[name].columns).map(([column, { type }]) => ({
    name: column,
    isNumber: type === 'number' || type === 'sum',
  }));
}

export function reportSql(name: ReportName, period: Period, account: string | undefined): string {
  const { columns, kinds, from = (where: string) => `ledger_entries WHERE ${where}${ofKinds(kinds)}` } = REPORTS[name];
  const all = Object.entries(columns);
  const groups = all.filter(([, { type }]) => type === 'key' || type === 'text').map(([, { sql }]) => sql);
  return `SELECT ${all.map(([column, { sql }]) => `${sql} AS ${column}`).join(', ')}
FROM ${from(within(period, account))}
GROUP BY ${groups.join(', ')} ORDER BY ${groups.map((_, index) => index + 1).join(', ')}`;
}

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

/** The day of the partition, and what the dataset has. */
export const ENTRY_COLUMNS: readonly ResultColumn[] = [
  { name: 'day', isNumber: false },
  ...DATASETS.ledger_entries.columns.map(({ name, type }) => ({ name, isNumber: type !== 'string' })),
];

/** One entry more than the page: it shows whether there is another. */
export function entriesSql(query: EntryQuery): string {
  const { kinds = [], after, limit, plan, model, currency } = query;
  const equal = Object.entries({ plan, function: query.function, model })
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => ` AND COALESCE(${name}, '') = ${quoted(value)}`);
  const paid = currency === undefined ? '' : ` AND money_currency = ${quoted(currency)}`;
  const [time = '', account = '', id = ''] = (after ?? []).map(quoted);
  const later = after
    ? ` AND (booked_at > ${time} OR (booked_at = ${time} AND (account_id > ${account} OR (account_id = ${account} AND entry_id > ${id}))))`
    : '';
  return `SELECT ${ENTRY_COLUMNS.map(({ name }) => name).join(', ')} FROM ledger_entries
WHERE ${within(query, query.account)}${ofKinds(kinds)}${equal.join('')}${paid}${later}
ORDER BY booked_at, account_id, entry_id LIMIT ${limit + 1}`;
}

function ofKinds(kinds: readonly string[]): string {
  return kinds.length > 0 ? ` AND kind IN (${kinds.map(quoted).join(', ')})` : '';
}

function within({ from, to }: Period, account: string | undefined): string {
  const days = `day BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  return account === undefined ? days : `${days} AND account_id = ${quoted(account)}`;
}

/** Text in SQL: a quote in it is written twice, and nothing else has a meaning there. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
