/**
 * A month of business with refunds, payments, plan changes and deleted keys: what is reported of its files adds up to the
 * ledger to the credit. The SQL is that which Athena runs; DuckDB reads the same files. `npm run month` has 100,000 jobs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueDateOf } from '../../functions/credits/ledger.ts';
import { LotFold, NO_LOTS } from '../../functions/credits/lots.ts';
import { listReportEntries, readReport } from '../../functions/finance/contract.ts';
import { parseCsv } from '../../functions/finance/csv.ts';
import { DATASET_NAMES, DATASETS } from '../../functions/finance/dataset-contract.ts';
import { ENTRY_COLUMNS, entriesSql, reportSql, type Value } from '../../functions/finance/queries.ts';
import {
  type Answered,
  entriesOf,
  type KnownDays,
  periodOf,
  provisionalFrom,
  readEntryQuery,
  reportOf,
} from '../../functions/finance/report.ts';
import type { ReportName } from '../../functions/finance/reports-contract.ts';
import { FOCUS_COLUMNS, FOCUS_RULES, FOCUS_SKUS } from '../support/focus-rules.ts';
import { GeneratedMonth, nameOf } from '../support/generated-month.ts';
import { textOf } from '../support/pdf-text.ts';

const MONTH = '2026-10';
const MANY = Number(process.env.MONTH_JOBS ?? 30_000);
const FEW = MANY / 10;
/** After all days that are read. */
const TODAY = '2028-01-01';
const DAYS = { from: '2026-10-01', to: '2026-10-31' };
/** Far less than the entries of the month would take. */
const HEAP_MB = 64;

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rows: number;
  readonly unexplained: number;
  readonly megabytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'finance-month-'));
const month = new GeneratedMonth({ month: MONTH, jobs: MANY });
const took = new Map<number, Took>();
let database: DuckDBConnection;

beforeAll(async () => {
  for (const jobs of [FEW, MANY]) {
    const program = ['test/support/export-month.ts', MONTH, String(jobs), join(folder, String(jobs))];
    const said = execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, ...program], { encoding: 'utf8' });
    took.set(jobs, JSON.parse(said));
    process.stdout.write(`a month of ${jobs} jobs: ${said}\n`);
  }
  database = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  for (const name of DATASET_NAMES) {
    const files = join(folder, String(MANY), 'parquet', name, '*', 'data.parquet');
    const options = "hive_partitioning = true, hive_types = {'day': VARCHAR}";
    await database.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet('${files}', ${options})`);
  }
}, 300_000);

afterAll(() => {
  database?.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

async function run(sql: string): Promise<Answered[]> {
  const rows = (await database.runAndReadAll(sql)).getRows();
  return rows.map(cells => cells.map(cell => (cell === null ? undefined : String(cell))));
}

async function report(name: ReportName, period: object = DAYS, { known = KNOWN, today = TODAY } = {}) {
  const request = readReport.input.parse({ report: name, ...period });
  const requested = periodOf(request, today);
  const days = { ...requested, provisionalFrom: provisionalFrom(requested, known, today) };
  const answered = await run(reportSql(name, days, request.account_id));
  return reportOf('http://platform', { name, period: days, account: request.account_id }, answered, known);
}

const KNOWN: KnownDays = { exported: new Set(month.days), provisional: new Map() };

/** All entries behind a link, page after page. */
async function traced(url: string | null, today = TODAY): Promise<Record<string, Value>[]> {
  const found: Record<string, Value>[] = [];
  const query = Object.fromEntries(new URL(url ?? '').searchParams);
  for (let after: string | null = ''; after !== null; ) {
    const input = listReportEntries.input.parse({ ...query, limit: '1000', ...(after && { after }) });
    const wanted = { ...readEntryQuery(input, today), provisionalFrom: today };
    const page = entriesOf(wanted.limit, await run(entriesSql(wanted)));
    found.push(...page.data);
    after = page.has_more ? page.last_id : null;
  }
  return found;
}

const sum = (rows: readonly Record<string, Value>[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

type Booked = ReturnType<GeneratedMonth['booked']>[number];
const made: [day: string, entries: readonly Booked[]][] = [];

/** All entries by their day; kept, for the month makes each day anew. */
function booked(): typeof made {
  if (made.length === 0) for (const day of month.days) made.push([day, month.booked(day)]);
  return made;
}

/** The ledger itself, folded entry by entry: `of` names the group, or nothing for an entry that is not in it. */
function ledger(of: (entry: Booked, day: string) => [string, number] | undefined) {
  const sums: Record<string, number> = {};
  for (const [day, entries] of booked()) {
    for (const entry of entries) {
      const found = of(entry, day);
      if (found) sums[found[0]] = (sums[found[0]] ?? 0) + found[1];
    }
  }
  return sums;
}

const amount = (entry: Booked, account: string): number =>
  entry.postings.find(posting => posting.account === account)?.amount ?? 0;

describe('a generated month', () => {
  it('is exported within a heap that could not hold it, in time that grows with its jobs', () => {
    const [few, many] = [took.get(FEW) as Took, took.get(MANY) as Took];
    expect(many.rows).toBeGreaterThan(5 * MANY);
    expect([few.unexplained, many.unexplained]).toEqual([0, 0]);
    // Ten times the jobs; the rest is room for a busy machine. Squared growth would be a hundred times.
    expect(many.cpuMs / few.cpuMs).toBeLessThan(25);
    // Node itself, its code and one row group of each file; what grew with the jobs would be ten times as much.
    expect(many.megabytes / few.megabytes).toBeLessThan(3);
  });

  it('has all of its entries in the files, once', async () => {
    const [[rows, different] = []] = await run(
      'SELECT COUNT(*), COUNT(DISTINCT account_id || entry_id) FROM ledger_entries',
    );
    const all = booked().reduce((count, [, entries]) => count + entries.length, 0);
    expect([Number(rows), Number(different)]).toEqual([all, all]);
  });
});

describe('the report of', () => {
  it('revenue is the ledger by day, function and model', async () => {
    const { rows, totals } = await report('revenue');
    const wanted = ledger((entry, day) =>
      entry.kind === 'capture'
        ? [`${day} ${entry.function} ${entry.model ?? ''}`, amount(entry, 'revenue')]
        : undefined,
    );
    const given = rows.map(({ values }) => [
      `${values.day} ${values.function} ${values.model}`,
      values.credits_charged,
    ]);
    expect(Object.fromEntries(given)).toEqual(wanted);
    expect(totals.credits_charged).toBe(Object.values(wanted).reduce((total, credits) => total + credits, 0));
    const costs = await run("SELECT SUM(EffectiveCost) * 100 FROM focus_costs WHERE ChargeCategory = 'Usage'");
    expect(Number(costs[0]?.[0])).toBe(totals.credits_charged);
  });

  it('accounts is the ledger by account', async () => {
    const { rows } = await report('accounts');
    const columns = { credits_charged: 'capture', credits_released: 'release', credits_bought: 'purchase' } as const;
    const given = (column: string) =>
      Object.fromEntries(
        rows
          .filter(({ values }) => values[column] !== 0)
          .map(({ values }) => [`${values.account_id} ${values.currency}`, values[column]]),
      );
    const placeOf = ({ accountId, money }: Booked): string => `${accountId} ${money?.currency ?? ''}`;
    for (const [column, kind] of Object.entries(columns)) {
      const side = kind === 'capture' ? 'revenue' : 'available';
      expect(given(column)).toEqual(
        ledger(entry => (entry.kind === kind ? [placeOf(entry), amount(entry, side)] : undefined)),
      );
    }
    const money = (...kinds: string[]) =>
      ledger(entry => (entry.money && kinds.includes(entry.kind) ? [placeOf(entry), entry.money.amount] : undefined));
    expect(given('paid')).toEqual(money('purchase'));
    const back = Object.entries(money('refund', 'reversal')).map(([place, cents]) => [place, -cents]);
    expect(given('paid_back')).toEqual(Object.fromEntries(back));
    expect(given('list_usd_cents')).toEqual(given('credits_charged'));
    for (const { values } of rows) expect(values.account_name).toBe(nameOf(String(values.account_id)));
  });

  it('what was earned and what is deferred adds up with what was paid, to the cent, on every day and over all', async () => {
    const lots = new Map<string, LotFold>();
    const byBooking = (one: Booked, other: Booked) =>
      one.bookedAt.localeCompare(other.bookedAt) || (one.id < other.id ? -1 : 1);
    for (const [, entries] of booked()) {
      for (const entry of entries.toSorted(byBooking)) {
        const fold = lots.get(entry.accountId) ?? new LotFold(NO_LOTS);
        lots.set(entry.accountId, fold);
        fold.apply(entry);
      }
    }
    const wanted = [...lots]
      .sort()
      .flatMap(([account_id, fold]) =>
        fold.movements().map(([currency, moved]) => ({ account_id, currency, ...moved })),
      );
    const [earned, deferred] = [await report('revenue-recognised'), await report('deferred-revenue', { at: DAYS.to })];
    expect(earned.rows.map(({ values }) => values)).toMatchObject(
      wanted.map(({ account_id, currency, sold, refunded, recognised, creditsUsed: credits_used }) => ({
        account_id,
        account_name: nameOf(account_id),
        currency,
        status: 'final',
        sold,
        refunded,
        recognised,
        credits_used,
      })),
    );
    expect(deferred.rows.map(({ values }) => values)).toMatchObject(
      wanted.map(({ account_id, currency, deferredAfter, creditsAfter }) => ({
        account_id,
        currency,
        deferred: deferredAfter,
        credits_left: creditsAfter,
      })),
    );
    const paid = ledger(({ money }) => (money ? [money.currency, money.amount] : undefined));
    const sums = (rows: typeof earned.rows, column: string) => {
      const found: Record<string, number> = {};
      for (const { values } of rows) {
        const currency = String(values.currency);
        if (currency) found[currency] = (found[currency] ?? 0) + Number(values[column]);
      }
      return found;
    };
    const [recognised, left] = [sums(earned.rows, 'recognised'), sums(deferred.rows, 'deferred')];
    for (const currency of Object.keys(paid)) {
      expect((recognised[currency] ?? 0) + (left[currency] ?? 0)).toBe(paid[currency]);
    }
    expect(recognised.usd).toBeGreaterThan(100_000);
    const outstanding = await report('credits-outstanding', { at: DAYS.to });
    expect(deferred.totals.credits_left).toBe(outstanding.totals.outstanding);
    const [[wrong] = []] = await run(
      'SELECT COUNT(*) FROM recognised_revenue WHERE deferred_before + sold - refunded - recognised <> deferred_after',
    );
    expect(Number(wrong)).toBe(0);
    const [[broken] = []] = await run(
      `SELECT COUNT(*) FROM (SELECT deferred_before, LAG(deferred_after, 1, 0) OVER (PARTITION BY account_id, currency ORDER BY day) AS before
        FROM recognised_revenue) AS days WHERE deferred_before <> before`,
    );
    expect(Number(broken)).toBe(0);
  });

  it('plans is the ledger and API Gateway by plan, whatever plans were changed', async () => {
    const { rows } = await report('plans');
    const charged = ledger(entry =>
      entry.kind === 'capture' ? [entry.plan ?? '', amount(entry, 'revenue')] : undefined,
    );
    expect(Object.fromEntries(rows.map(({ values }) => [values.plan, values.credits_charged]))).toEqual(charged);
    const requests: Record<string, number> = {};
    for (const day of month.days) {
      for await (const count of month.gateway(day)) requests[count.plan] = (requests[count.plan] ?? 0) + count.requests;
    }
    expect(Object.fromEntries(rows.map(({ values }) => [values.plan, values.requests]))).toEqual(requests);
  });

  it('refunds is what was given back of jobs, and paid back of purchases', async () => {
    const { rows, totals } = await report('refunds');
    const wanted = ledger(entry =>
      ['release', 'refund', 'reversal'].includes(entry.kind)
        ? ['all', Math.abs(amount(entry, 'available'))]
        : undefined,
    );
    expect(totals.credits).toBe(wanted.all);
    const back = ledger(({ money }) => (money && money.amount < 0 ? [money.currency, -money.amount] : undefined));
    for (const [currency, cents] of Object.entries(back)) {
      const ofCurrency = rows.map(({ values }) => values).filter(values => values.currency === currency);
      expect(sum(ofCurrency, 'money')).toBe(cents);
    }
  });

  it.each(['2026-10-09', '2026-10-20', '2026-10-31'])(
    'credits outstanding on %s is the fold of all entries until then',
    async at => {
      const { rows } = await report('credits-outstanding', { at });
      const until = (side: string) =>
        ledger((entry, day) => (day <= at ? [entry.accountId, amount(entry, side)] : undefined));
      const given = (column: string) =>
        Object.fromEntries(rows.map(({ values }) => [values.account_id, values[column]]));
      expect(given('available')).toEqual(until('available'));
      expect(given('held')).toEqual(until('held'));
    },
  );

  it('6.3 fees paid is of the twelve months before the end of the date by value dates, less what was paid back or reversed', async () => {
    const paid = (until: string, since: string) =>
      ledger(entry => {
        const valued = valueDateOf(entry);
        if (!entry.money || valued > until || valued < since) return undefined;
        return [`${entry.accountId} ${entry.money.currency}`, entry.money.amount];
      });
    const given = async (at: string) =>
      Object.fromEntries(
        (await report('fees-paid', { at })).rows.map(({ values }) => [
          `${values.account_id} ${values.currency}`,
          values.fees,
        ]),
      );
    // Transfers of the 13th were recorded on the 17th, and some were taken back on the 18th.
    expect(Object.keys(await given('2026-10-13')).length).toBeGreaterThan(month.accounts.length);
    expect(await given('2026-10-12')).toEqual(paid('2026-10-12', '2026-10-01'));
    for (const at of ['2026-10-13', '2026-10-14', '2026-10-17', '2026-10-18']) {
      expect(await given(at)).toEqual(paid(at, '2026-10-01'));
    }
    expect(await given('2026-12-31')).toEqual(paid('2026-10-31', '2026-10-01'));
    // A purchase of the 14th is within the twelve months that end with the 13th a year later, and not of those after.
    expect(await given('2027-10-13')).toEqual(paid('2026-10-31', '2026-10-14'));
    expect(await given('2027-10-14')).toEqual(paid('2026-10-31', '2026-10-15'));
  });

  it('the reconciliation has no difference that nobody explains', async () => {
    const { rows, totals } = await report('reconciliation');
    expect(totals.differences).toBeGreaterThan(1000);
    const causes = new Set(rows.map(({ values }) => values.cause));
    expect([...causes].sort()).toEqual(['job_open', 'requests_without_job', 'started_earlier']);
  });
});

describe('a report of days that are not all exported for good', () => {
  it('has their part apart, as provisional, and each part leads to its own entries', async () => {
    const [today, asOf] = ['2026-10-20', '2026-10-20T08:00:00.000Z'];
    const exported = new Set(month.days.filter(day => day < today));
    const known = { exported, provisional: new Map([[today, asOf]]) };
    const days = { from: '2026-10-13', to: today };
    const { rows, provisional, missing_days } = await report('accounts', days, { known, today });
    expect({ provisional, missing_days }).toEqual({ provisional: [{ day: today, as_of: asOf }], missing_days: [] });
    for (const status of ['final', 'provisional'] as const) {
      const row = rows.find(({ values }) => values.status === status && values.currency === '') ?? expect.fail();
      const entries = await traced(row.trace, today);
      expect(new Set(entries.map(entry => entry.status))).toEqual(new Set([status]));
      expect(sum(entries, 'revenue')).toBe(row.values.credits_charged);
      expect(sum(entries, 'available')).toBe(
        Number(row.values.credits_released) -
          entries.filter(({ kind }) => kind === 'hold').reduce((all, { held }) => all + Number(held), 0),
      );
    }
    const whole = await report('accounts', days);
    const charged = (made: typeof rows) =>
      sum(
        made.map(({ values }) => values),
        'credits_charged',
      );
    expect(charged(rows)).toBe(charged(whole.rows));
  });
});

describe('charges in FOCUS 1.2', () => {
  it('have the columns that its validator wants, and no row that breaks a rule of it, as Parquet and as CSV', async () => {
    const files = join(folder, String(MANY), 'csv', 'focus_costs', '*', 'data.csv');
    const decimals = DATASETS.focus_costs.columns.filter(({ type }) => type === 'decimal');
    // As doubles, which is how numbers of a CSV are read.
    const types = DATASETS.focus_costs.columns.map(
      column => `'${column.name}': '${decimals.includes(column) ? 'DOUBLE' : 'VARCHAR'}'`,
    );
    await database.run(
      `CREATE VIEW focus_csv AS SELECT * FROM read_csv('${files}', header = true, columns = {${types.join(', ')}})`,
    );
    for (const table of ['focus_costs', 'focus_csv']) {
      const there = (
        await run(`SELECT column_name FROM information_schema.columns WHERE table_name = '${table}'`)
      ).flat();
      expect(FOCUS_COLUMNS.filter(column => !there.includes(column))).toEqual([]);
      const counts = Object.values(FOCUS_RULES).map(broken => `COUNT(*) FILTER (WHERE ${broken})`);
      const [broken = []] = await run(`SELECT ${counts.join(', ')} FROM ${table}`);
      const names = Object.keys(FOCUS_RULES);
      expect(names.filter((_, index) => broken[index] !== '0')).toEqual([]);
    }
    expect(await run(FOCUS_SKUS)).toEqual([]);
  });

  it('correct where they take back what was billed in a month before, and name issuer, account and invoice', async () => {
    const classes = await run(
      'SELECT ChargePeriodStart, ChargeClass, COUNT(*) FROM focus_costs WHERE BilledCost < 0 GROUP BY 1, 2 ORDER BY 1',
    );
    expect(classes.map(([start = '', charge]) => [start.slice(8, 10), charge])).toEqual([
      ['02', 'Correction'],
      ['15', undefined],
      ['19', undefined],
    ]);
    const names = await run('SELECT DISTINCT InvoiceIssuerName, ProviderName, PublisherName FROM focus_costs');
    expect(names).toEqual([['Mutoscope Video GmbH', 'Mutoscope', 'Mutoscope']]);
    // Each payment is on a document, which bills the same money; usage is paid already, and on none.
    const billed = await run(
      'SELECT ChargeCategory, COUNT(*) = COUNT(InvoiceId), COUNT(DISTINCT InvoiceId) = COUNT(InvoiceId) FROM focus_costs GROUP BY 1 ORDER BY 1',
    );
    expect(billed).toEqual([
      ['Purchase', 'true', 'true'],
      ['Usage', 'false', 'true'],
    ]);
    const differing = await run(
      "SELECT InvoiceId FROM focus_costs LEFT JOIN invoices ON number = InvoiceId WHERE ChargeCategory = 'Purchase' AND BilledCost * (CASE currency WHEN 'jpy' THEN 1 ELSE 100 END) IS DISTINCT FROM total",
    );
    expect(differing).toEqual([]);
    const accounts = await run('SELECT DISTINCT BillingAccountId, BillingAccountName FROM focus_costs');
    for (const [id = '', name] of accounts) expect(name).toBe(nameOf(id));
  });

  it('bill what the ledger says was paid, to the smallest unit of each currency', async () => {
    const billed = await run('SELECT lower(BillingCurrency), SUM(BilledCost) FROM focus_costs GROUP BY 1');
    const paid = ledger(({ money }) => (money ? [money.currency, money.amount] : undefined));
    const usd = billed.map(([currency = '', cost]) => [
      currency,
      Math.round(Number(cost) * (currency === 'jpy' ? 1 : 100)),
    ]);
    expect(Object.fromEntries(usd)).toEqual(paid);
  });
});

describe('the invoices of a month', () => {
  it('have numbers without gaps in each series, and come to what the ledger says was paid, net and tax to the cent', async () => {
    const series = await run(
      'SELECT kind, COUNT(*) = MAX(place), MIN(place), COUNT(DISTINCT place) = COUNT(*) FROM (SELECT kind, CAST(right(number, 6) AS INTEGER) AS place FROM invoices) GROUP BY 1 ORDER BY 1',
    );
    expect(series).toEqual([
      ['credit_note', 'true', '1', 'true'],
      ['invoice', 'true', '1', 'true'],
    ]);
    const totals = await run('SELECT currency, SUM(total), SUM(total) = SUM(net) + SUM(tax) FROM invoices GROUP BY 1');
    const paid = ledger(({ money }) => (money ? [money.currency, money.amount] : undefined));
    expect(Object.fromEntries(totals.map(([currency = '', total]) => [currency, Number(total)]))).toEqual(paid);
    expect(totals.map(([, , adds]) => adds)).toEqual(totals.map(() => 'true'));
    const rates = await run(
      'SELECT tax_country, tax_treatment, MIN(tax_rate), MAX(tax_rate) FROM invoices GROUP BY 1, 2 ORDER BY 1',
    );
    expect(rates).toEqual([
      ['DE', 'domestic', '19.0000', '19.0000'],
      ['ES', 'destination', '21.0000', '21.0000'],
      ['FI', 'destination', '25.5000', '25.5000'],
      [undefined, 'outside_scope', '0.0000', '0.0000'],
    ]);
  });

  it('name their customers as no spreadsheet takes for a formula', async () => {
    expect(await run('SELECT DISTINCT customer_name FROM invoices')).toEqual([["'=Faro"]]);
  });
});

describe('a month with invoices, tax, a refund, an expiry, a reversal and an auto top-up', () => {
  /** Money by currency, of rows of the currency and an amount in its smallest unit. */
  const summed = (rows: readonly (readonly [currency: string, amount: number])[]) => {
    const sums: Record<string, number> = {};
    for (const [currency, cents] of rows) if (currency) sums[currency] = (sums[currency] ?? 0) + cents;
    return sums;
  };
  const unit = (currency: string) => (currency === 'jpy' ? 1 : 100);
  const csv = (name: string) => join(folder, String(MANY), 'csv', name, '*', 'data.csv');

  it('has all of them', () => {
    const kinds = new Set(booked().flatMap(([, entries]) => entries.map(({ kind }) => kind)));
    for (const kind of ['purchase', 'refund', 'expiry', 'reversal', 'grant', 'adjustment', 'capture'] as const)
      expect(kinds).toContain(kind);
    const topUps = booked().flatMap(([, entries]) => entries.filter(({ id }) => id.startsWith('purchase#pur_')));
    expect(topUps.length).toBe(month.accounts.filter((_, number) => number % 3 === 2).length);
    // At home, elsewhere in the Union, and outside: the tax was added to ten dollars.
    expect(new Set(topUps.map(({ money }) => money?.amount))).toEqual(new Set([1190, 1255, 1000, 1210]));
  });

  it('adds up to the cent in ledger, reports, CSV, FOCUS and invoices, currency by currency', async () => {
    const paid = ledger(({ money }) => (money ? [money.currency, money.amount] : undefined));
    const { rows } = await report('accounts');
    const reported = rows.map(({ values: { currency, paid: came, paid_back: went } }) => {
      return [String(currency), Number(came) - Number(went)] as const;
    });
    expect(summed(reported)).toEqual(paid);
    const recognised = await report('revenue-recognised');
    const sold = recognised.rows.map(({ values: { currency, sold: came, refunded } }) => {
      return [String(currency), Number(came) - Number(refunded)] as const;
    });
    expect(summed(sold)).toEqual(paid);
    const sums: Readonly<Record<string, string>> = {
      'the entries as CSV': `SELECT money_currency, SUM(CAST(money_amount AS BIGINT)) FROM read_csv('${csv('ledger_entries')}', header = true, all_varchar = true) WHERE money_currency <> '' GROUP BY 1`,
      'FOCUS as Parquet': `SELECT lower(BillingCurrency), CAST(ROUND(SUM(BilledCost * (CASE BillingCurrency WHEN 'JPY' THEN 1 ELSE 100 END))) AS BIGINT) FROM focus_costs GROUP BY 1`,
      'FOCUS as CSV': `SELECT lower(BillingCurrency), CAST(ROUND(SUM(CAST(BilledCost AS DECIMAL(18, 4)) * (CASE BillingCurrency WHEN 'JPY' THEN 1 ELSE 100 END))) AS BIGINT) FROM read_csv('${csv('focus_costs')}', header = true, all_varchar = true) GROUP BY 1`,
      'documents as Parquet': 'SELECT currency, SUM(net + tax) FROM invoices GROUP BY 1',
      'documents as CSV': `SELECT currency, SUM(CAST(total AS BIGINT)) FROM read_csv('${csv('invoices')}', header = true, all_varchar = true) GROUP BY 1`,
    };
    for (const [where, sql] of Object.entries(sums)) {
      const found = (await run(sql)).map(([currency = '', cents]) => [currency, Number(cents)] as const);
      expect([where, summed(found)]).toEqual([where, paid]);
    }
    // The tax that documents say is in what was paid, and nothing else of it is.
    const taxed = await run("SELECT SUM(tax) FROM invoices WHERE entry_id LIKE 'purchase#pur_%'");
    const added = booked().flatMap(([, entries]) => entries.flatMap(({ money }) => money?.tax?.amount ?? []));
    expect(Number(taxed[0]?.[0])).toBe(added.reduce((total, tax) => total + tax, 0));
  });

  it('adds up in its PDFs: what each account reads there, net, tax and total, is what the ledger has of it', async () => {
    // Between them they were sold credits, paid back, reversed and topped up, at three rates of tax and none.
    const read = month.accounts.slice(0, 6);
    const issued = new Map(read.map(accountId => [accountId, [] as [string, number][]]));
    for (const day of month.days) {
      for await (const page of month.invoices(day)) {
        for (const document of page.filter(({ accountId }) => issued.has(accountId))) {
          const text = (await textOf(document)).split('\n');
          const figures = text.flatMap(line => {
            const [, figure, currency = ''] = /^(\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(line) ?? [];
            return figure === undefined ? [] : [[currency.toLowerCase(), figure] as const];
          });
          const [net, tax, total] = figures.map(([currency, figure]) => Math.round(Number(figure) * unit(currency)));
          expect([document.number, Number(net) + Number(tax)]).toEqual([document.number, total]);
          expect(text).toContain(document.number);
          const sign = document.kind === 'credit_note' ? -1 : 1;
          issued.get(document.accountId)?.push([figures[0]?.[0] ?? '', sign * Number(total)]);
        }
      }
    }
    for (const [accountId, totals] of issued) {
      const paid = ledger(entry =>
        entry.accountId === accountId && entry.money ? [entry.money.currency, entry.money.amount] : undefined,
      );
      expect([accountId, summed(totals)]).toEqual([accountId, paid]);
    }
  });
});

describe('an adjustment', () => {
  it('is listed with its reason and its reference, and so it is in the file', async () => {
    const [entry] = await traced(
      'http://platform/v1/reports/entries?from=2026-10-12&to=2026-10-12&kind=adjustment&account_id=acct_000003',
    );
    const said = { reason: 'counted twice, "see" CASE-3', reference: 'CASE-3', account_name: nameOf('acct_000003') };
    expect(entry).toMatchObject(said);
    const path = join(folder, String(MANY), 'csv', 'ledger_entries', 'day=2026-10-12', 'data.csv');
    const [header = [], ...lines] = parseCsv(readFileSync(path, 'utf8'));
    const line = lines.find(cells => cells[2] === 'adjustment' && cells[1] === 'acct_000003') ?? [];
    expect(Object.fromEntries(header.map((name, index) => [name, line[index]]))).toMatchObject(said);
  });
});

describe('a number of a report', () => {
  it.each<[ReportName, object, string, string]>([
    ['revenue', DAYS, 'credits_charged', 'revenue'],
    ['plans', DAYS, 'credits_charged', 'revenue'],
    ['accounts', DAYS, 'credits_charged', 'revenue'],
    ['credits-outstanding', { at: '2026-10-10' }, 'available', 'available'],
    ['fees-paid', { at: '2026-10-31' }, 'fees', 'money_amount'],
  ])('of %s is the sum of the entries that its link lists', async (name, period, column, side) => {
    const { rows } = await report(name, { ...period, ...(name === 'plans' && { account_id: 'acct_000003' }) });
    const { values, trace } = rows[Math.floor(rows.length / 2)] ?? expect.fail();
    const entries = await traced(trace);
    expect(entries.length).toBeGreaterThan(0);
    expect(sum(entries, side)).toBe(values[column]);
    expect(new Set(entries.map(entry => `${entry.account_id} ${entry.entry_id}`)).size).toBe(entries.length);
    expect(Object.keys(entries[0] ?? {})).toEqual(ENTRY_COLUMNS.map(({ name: title }) => title));
  });

  it('is listed for an account that was closed, whose keys are deleted', async () => {
    const keys = await run("SELECT MAX(day) FROM gateway_usage WHERE account_id = 'acct_000005'");
    expect(keys).toEqual([['2026-10-20']]);
    const { rows } = await report('revenue', { ...DAYS, account_id: 'acct_000005' });
    expect(rows.length).toBeGreaterThan(0);
  });
});
