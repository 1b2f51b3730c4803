import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purchase, refundPurchase } from '../../functions/credits/ledger.ts';
import { listReportEntries, readReport } from '../../functions/finance/contract.ts';
import { DATASET_NAMES, DATASETS } from '../../functions/finance/dataset-contract.ts';
import { focusRow } from '../../functions/finance/focus.ts';
import {
  type DayRecord,
  daysOf,
  hashOf,
  manifestOf,
  monthBefore,
  whyNotClosed,
} from '../../functions/finance/month.ts';
import { entriesSql, reportSql } from '../../functions/finance/queries.ts';
import { completenessOf, periodOf, readEntryQuery } from '../../functions/finance/report.ts';
import { REPORT_NAMES, REPORTS, type ReportName } from '../../functions/finance/reports-contract.ts';
import { recordPayment } from '../../functions/payments/bookings-contract.ts';
import { readUsage, USAGE_GROUPS } from '../../functions/usage/usage-contract.ts';
import { readUsagePeriod, reportUsage } from '../../functions/usage/usage-report.ts';
import { refusalOf } from './refusal-of.ts';

const MONTH = '2026-02';
const stored = (name: string) => ({ key: name, bytes: 1, sha256: 'a', checksum: 'a' });
const record = (day: string): DayRecord => ({
  day,
  state: 'reconciled',
  run: 1,
  unexplained: 0,
  causes: {},
  kinds: { hold: { count: 2, credits: 10 }, capture: { count: 1, credits: 5 } },
  datasets: Object.fromEntries(
    DATASET_NAMES.map(name => [name, { rows: 1, csv: stored('c'), parquet: stored('p') }]),
  ) as NonNullable<DayRecord['datasets']>,
});
const days = daysOf(MONTH).map(record);
const facts = { previousHash: null, reason: null };

describe('a month', () => {
  it('has its days, and follows the one before it', () => {
    expect(daysOf('2024-02').length).toBe(29);
    expect(daysOf('2026-12').at(-1)).toBe('2026-12-31');
    expect([monthBefore('2026-01'), monthBefore('2026-11')]).toEqual(['2025-12', '2026-10']);
  });

  it('has one hash, in whatever order its records and their members come', () => {
    const hash = hashOf(manifestOf(MONTH, days, facts));
    const reversed = days
      .toReversed()
      .map(day => Object.fromEntries(Object.entries(day).reverse()) as unknown as DayRecord);
    expect(hashOf(manifestOf(MONTH, reversed, facts))).toBe(hash);
  });

  it('has another hash where a file, the reason or the month before is another', () => {
    const [first, ...rest] = days as [DayRecord, ...DayRecord[]];
    const datasets = {
      ...first.datasets,
      ledger_entries: { rows: 1, csv: stored('c'), parquet: { ...stored('p'), sha256: 'b' } },
    };
    const others = [
      manifestOf(MONTH, [{ ...first, datasets } as DayRecord, ...rest], facts),
      manifestOf(MONTH, days, { ...facts, reason: 'looked at' }),
      manifestOf(MONTH, days, { ...facts, previousHash: 'c' }),
      manifestOf(MONTH, days, facts),
    ];
    expect(new Set(others.map(hashOf)).size).toBe(4);
  });

  it('says what it adds up to', () => {
    expect(JSON.parse(manifestOf(MONTH, days, facts)).totals).toEqual({
      capture: { count: 28, credits: 140 },
      hold: { count: 56, credits: 280 },
    });
  });

  it.each<[string, DayRecord[], string, string | null, RegExp | undefined]>([
    ['is over, exported and explained', days, '2026-03-01', null, undefined],
    ['is not over', days, '2026-02-28', null, /not over/],
    ['lacks a day', days.slice(1), '2026-03-01', null, /2026-02-01 not exported/],
    [
      'has a day that is being exported',
      [{ ...record('2026-02-01'), state: 'exporting' }, ...days.slice(1)],
      '2026-03-01',
      null,
      /2026-02-01 not exported/,
    ],
    [
      'has what nobody explains',
      [{ ...record('2026-02-01'), unexplained: 1 }, ...days.slice(1)],
      '2026-03-01',
      null,
      /nobody explains/,
    ],
    [
      'has it with a reason',
      [{ ...record('2026-02-01'), unexplained: 1 }, ...days.slice(1)],
      '2026-03-01',
      'known',
      undefined,
    ],
    ['lacks a day with a reason', days.slice(1), '2026-03-01', 'known', /not exported/],
  ])('that %s is closed or not', (_, records, today, reason, why) => {
    const said = whyNotClosed(MONTH, records, { today, reason });
    if (why) expect(said).toMatch(why);
    else expect(said).toBeUndefined();
  });
});

describe('a report', () => {
  const period = (members: object, today = '2030-01-01') => periodOf(readReport.input.parse(members), today);

  it('of fees is of the twelve months that end with its date', () => {
    const fees = (at: string) => period({ report: 'fees-paid', at });
    expect(fees('2026-11-24')).toEqual({ from: '2025-11-25', to: '2026-11-24' });
    expect(fees('2026-12-31')).toEqual({ from: '2026-01-01', to: '2026-12-31' });
    expect(fees('2028-02-29')).toEqual({ from: '2027-03-01', to: '2028-02-29' });
    expect(fees('2027-02-28')).toEqual({ from: '2026-03-01', to: '2027-02-28' });
  });

  it.each([
    [{ report: 'plans', from: '2026-01-01' }, 'to'],
    [{ report: 'plans', to: '2026-01-01' }, 'from'],
    [{ report: 'plans', from: '2026-01-02', to: '2026-01-01' }, 'from'],
    [{ report: 'plans', at: '2026-01-01' }, 'at'],
    [{ report: 'fees-paid' }, 'at'],
    [{ report: 'fees-paid', at: '2026-01-01', to: '2026-01-01' }, 'from'],
  ])('is refused %j by %s', (members, field) => {
    expect(refusalOf(() => period(members))?.field).toBe(field);
  });

  it('is of days that are over, and so are the entries behind it', () => {
    const today = '2026-11-24';
    const field = (members: object) => refusalOf(() => period(members, today))?.field;
    expect(field({ report: 'plans', from: '2026-11-01', to: '2026-11-23' })).toBeUndefined();
    expect(field({ report: 'plans', from: '2026-11-01', to: today })).toBe('to');
    expect(field({ report: 'fees-paid', at: today })).toBe('at');
    const entries = listReportEntries.input.parse({ from: '2026-11-01', to: today });
    expect(refusalOf(() => readEntryQuery(entries, today))?.field).toBe('to');
  });

  it('names the days that are not exported, and since when none is missing', () => {
    const exported = new Set(['2026-10-01', '2026-10-03', '2026-10-04', '2026-11-01']);
    const of = (name: ReportName, from: string, to: string) => completenessOf(name, { from, to }, exported);
    expect(of('plans', '2026-10-01', '2026-10-01')).toEqual({ missing_days: [], complete_from: '2026-10-01' });
    expect(of('plans', '2026-09-29', '2026-10-04')).toEqual({
      missing_days: ['2026-09-29', '2026-09-30', '2026-10-02'],
      complete_from: '2026-10-03',
    });
    expect(of('plans', '2026-10-04', '2026-10-05')).toEqual({ missing_days: ['2026-10-05'], complete_from: null });
    expect(of('plans', '2024-01-01', '2025-01-02').missing_days).toEqual(['2025-01-01', '2025-01-02']);
  });

  it('at a date says from which day on it is complete, also where exports began late', () => {
    const at = (to: string, days: string[]) =>
      completenessOf('credits-outstanding', { from: '2025-01-01', to }, new Set(days));
    expect(at('2026-10-03', ['2026-10-02', '2026-10-03'])).toEqual({ missing_days: [], complete_from: '2026-10-02' });
    expect(at('2026-10-03', ['2026-10-01', '2026-10-03'])).toEqual({
      missing_days: ['2026-10-02'],
      complete_from: '2026-10-03',
    });
    expect(at('2026-10-03', [])).toEqual({ missing_days: ['2026-10-03'], complete_from: null });
  });

  it.each(REPORT_NAMES)('%s has the columns that its rows are grouped by first, and reads its days alone', name => {
    const grouped = Object.values(REPORTS[name].columns).map(({ type }) => type === 'key' || type === 'text');
    expect(grouped).toEqual([...grouped].sort((one, other) => Number(other) - Number(one)));
    expect(grouped[0]).toBe(true);
    const sql = reportSql(name, { from: '2026-10-01', to: '2026-10-02' }, "it's");
    const where = "WHERE day BETWEEN '2026-10-01' AND '2026-10-02' AND account_id = 'it''s'";
    expect(sql.split(where).length).toBe(sql.split('WHERE').length);
    expect(sql.match(/FROM \w+/g)?.length).toBe(sql.split(where).length - 1);
  });

  it('takes any text for a text: no quote ends it', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const query = { from: '2026-01-01', to: '2026-01-02', limit: 1 };
        const sql = entriesSql({ ...query, account: text, plan: text, after: [text, text, text] });
        const plain = entriesSql({ ...query, account: '', plan: '', after: ['', '', ''] });
        // What is left without the texts in quotes is the same query, whatever was in them.
        const bare = (statement: string) => statement.replace(/'(?:[^']|'')*'/g, '?');
        expect(bare(sql)).toBe(bare(plain));
      }),
    );
  });
});

describe('a charge in FOCUS', () => {
  const booked = { accountId: 'acct_1', bookedAt: '2026-12-31T23:59:59.999Z' };
  const bought = (amount: number, currency: string) =>
    focusRow({ ...purchase('r', 500, { amount, currency, reference: 'pi_1' }), ...booked });

  it('is billed in the currency that was paid, in whole and not in its smallest unit', () => {
    expect(bought(500, 'usd')?.[0]).toBe(50_000);
    expect(bought(500, 'jpy')?.[0]).toBe(5_000_000);
    expect(bought(500, 'kwd')?.[0]).toBe(5_000);
  });

  it('of a purchase has the list price beside what was paid, and is no cost until it is used', () => {
    const named = (row: ReturnType<typeof focusRow>) =>
      Object.fromEntries(DATASETS.focus_costs.columns.map(({ name }, index) => [name, row?.[index]]));
    expect(named(bought(440, 'usd'))).toMatchObject({
      BilledCost: 44_000,
      ContractedCost: 44_000,
      ContractedUnitPrice: 88,
      EffectiveCost: 0,
      ListUnitPrice: 100,
      ListCost: 50_000,
      PricingQuantity: 5_000_000,
    });
    expect(named(bought(333, 'usd'))).toMatchObject({ ContractedCost: 33_300, ContractedUnitPrice: 67 });
    expect(named(bought(400, 'eur'))).toMatchObject({ ContractedUnitPrice: 80, ListUnitPrice: null, ListCost: 40_000 });
    const money = { amount: 220, currency: 'usd', reference: 're_2' };
    expect(named(focusRow({ ...refundPurchase('r', 250, money), ...booked }))).toMatchObject({
      BilledCost: -22_000,
      ContractedUnitPrice: 88,
      ListUnitPrice: 100,
      ListCost: -25_000,
    });
  });

  it('of money that went back is a correction below zero', () => {
    const back = focusRow({
      ...refundPurchase('r', 500, { amount: 500, currency: 'usd', reference: 're_1' }),
      ...booked,
    });
    expect(back?.[0]).toBe(-50_000);
    expect(back).toContain('Correction');
  });

  it('of the last moment of a year is billed with December', () => {
    expect(bought(1, 'usd')).toEqual(expect.arrayContaining(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']));
  });
});

describe("a payment's reference", () => {
  const taken = (reference: string) => recordPayment.input.shape.reference.safeParse(reference).success;

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=', ''])(
    'is not %j: a spreadsheet would calculate it',
    text => {
      expect(taken(text)).toBe(false);
    },
  );

  it.each(['pi_3', 'INV-2026=11', '#7', '(a)', 'a', '~', '2026-11-24 + fee'])('may be %j', text => {
    expect(taken(text)).toBe(true);
  });
});

describe('a report of usage', () => {
  const count = fc.record({
    day: fc.constantFrom('2026-10-01', '2026-10-02'),
    function: fc.constantFrom('extend', 'mimic'),
    model: fc.constantFrom('', 'v6'),
    keyId: fc.constantFrom('key_1', 'key_2'),
    started: fc.nat(1000),
    held: fc.nat(1e9),
    charged: fc.option(fc.nat(1e9), { nil: undefined }),
    seconds: fc.nat(1e6).map(ms => ms / 1000),
  });

  it('has the same totals however it is grouped, and rows that add up to them', () => {
    fc.assert(
      fc.property(fc.array(count), fc.subarray([...USAGE_GROUPS]), (counts, groupBy) => {
        const { data, totals } = reportUsage(
          { from: '2026-10-01', to: '2026-10-02', groupBy },
          counts as never,
          undefined,
        );
        expect(data.reduce((sum, row) => sum + row.credits_charged, 0)).toBe(totals.credits_charged);
        expect(totals.credits_held).toBe(counts.reduce((sum, { held }) => sum + held, 0));
        const names = data.map(({ day, function: name, model, key_id }) => JSON.stringify([day, name, model, key_id]));
        expect(new Set(names).size).toBe(names.length);
        const ms = counts.reduce((sum, { seconds }) => sum + Math.round(seconds * 1000), 0);
        expect(totals.seconds).toBe(ms / 1000);
      }),
    );
  });

  it('is of at most 92 days', () => {
    const field = (from: string, to: string | undefined) =>
      refusalOf(() => readUsagePeriod(readUsage.input.parse({ from, to }), '2026-04-02'))?.field;
    expect(field('2026-01-01', '2026-04-02')).toBeUndefined();
    expect(field('2026-01-01', '2026-04-03')).toBe('to');
    expect(field('2026-01-02', '2026-01-01')).toBe('from');
    expect(field('2026-01-01', undefined)).toBeUndefined();
    expect(field('2025-12-31', undefined)).toBe('to');
    expect(field('2026-04-03', undefined)).toBe('from');
  });

  it.each([
    ['today and the 29 days before it where no day is named', {}, '2026-03-04', '2026-04-02'],
    ['the day named as the last and the 29 before it', { to: '2026-03-01' }, '2026-01-31', '2026-03-01'],
    ['the day named as the first, up to today', { from: '2026-03-31' }, '2026-03-31', '2026-04-02'],
  ])('is of %s', (_which, query, from, to) => {
    expect(readUsagePeriod(readUsage.input.parse(query), '2026-04-02')).toEqual({ from, to, groupBy: [] });
  });
});
