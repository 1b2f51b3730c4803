/** The SQL of reports and of the entries behind them, over the exported days. Pure. */
import { DATASETS } from './dataset-contract.ts';
import { REPORTS, type ReportName } from './reports-contract.ts';

/** UTC days, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The days that are read, and those on which money must have come or gone, where that is asked. */
export interface Period extends Days {
  readonly valued?: Days;
  /** From this day on what is read is provisional: the day is not over, or not exported since. */
  readonly provisionalFrom: string;
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
  const all = Object.entries(columns).map(([column, { type, sql }]) => ({
    column,
    isGrouped: type === 'key' || type === 'text',
    sql: sql === STATUS ? statusSql(period) : sql,
  }));
  const groups = all.flatMap(({ isGrouped, sql }, index) => (isGrouped ? [{ sql, place: index + 1 }] : []));
  return `SELECT ${all.map(({ column, sql }) => `${sql} AS ${column}`).join(', ')}
FROM ${from(within(period, account))}
GROUP BY ${groups.map(({ sql }) => sql).join(', ')} ORDER BY ${groups.map(({ place }) => place).join(', ')}`;
}

/** The column that says whether a row is of days that are exported for good. */
export const STATUS = 'status';

function statusSql({ provisionalFrom }: Pick<Period, 'provisionalFrom'>): string {
  return `CASE WHEN day >= ${quoted(provisionalFrom)} THEN 'provisional' ELSE 'final' END`;
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

const text = (name: string): ResultColumn => ({ name, isNumber: false });

/** The day of the partition, what the dataset has, and whether that is for good. */
export const ENTRY_COLUMNS: readonly ResultColumn[] = [
  text('day'),
  ...DATASETS.ledger_entries.columns.map(({ name, type }) => ({ name, isNumber: type !== 'string' })),
  text(STATUS),
];

/** One entry more than the page: it shows whether there is another. */
export function entriesSql(query: EntryQuery): string {
  const { kinds = [], after, limit, plan, model, currency } = query;
  const equal = Object.entries({ plan, function: query.function, model, money_currency: currency })
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => ` AND COALESCE(${name}, '') = ${quoted(value)}`);
  const [time = '', account = '', id = ''] = (after ?? []).map(quoted);
  const later = after
    ? ` AND (booked_at > ${time} OR (booked_at = ${time} AND (account_id > ${account} OR (account_id = ${account} AND entry_id > ${id}))))`
    : '';
  const columns = ENTRY_COLUMNS.map(({ name }) => (name === STATUS ? `${statusSql(query)} AS ${STATUS}` : name));
  return `SELECT ${columns.join(', ')} FROM ledger_entries
WHERE ${within(query, query.account)}${ofKinds(kinds)}${equal.join('')}${later}
ORDER BY booked_at, account_id, entry_id LIMIT ${limit + 1}`;
}

function ofKinds(kinds: readonly string[]): string {
  return kinds.length > 0 ? ` AND kind IN (${kinds.map(quoted).join(', ')})` : '';
}

function within({ from, to, valued }: Omit<Period, 'provisionalFrom'>, account: string | undefined): string {
  const days = `day BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  // Entries of files from before there were value dates have none.
  const money = valued ? ` AND COALESCE(value_date, day) BETWEEN ${quoted(valued.from)} AND ${quoted(valued.to)}` : '';
  return `${days}${account === undefined ? '' : ` AND account_id = ${quoted(account)}`}${money}`;
}

/** Text in SQL: a quote in it is written twice, and nothing else has a meaning there. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
