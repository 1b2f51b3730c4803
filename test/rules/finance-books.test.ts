import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorDigits } from '../../functions/catalogue/currencies.ts';
import { type Entry, purchase, refundPurchase, reversePurchase, settle } from '../../functions/credits/ledger.ts';
import { listReportEntries, REPORT_LIST, readReport } from '../../functions/finance/contract.ts';
import { DATASET_NAMES, DATASETS, FORMS } from '../../functions/finance/dataset-contract.ts';
import { focusRow } from '../../functions/finance/focus.ts';
import {
  type DayRecord,
  daysOf,
  deferredAfter,
  describeMonth,
  hashOf,
  manifestOf,
  monthBefore,
  neededDays,
  type OpenMonth,
  revenueOf,
  unexportedDays,
  whyNotExplained,
  whyNotYet,
} from '../../functions/finance/month.ts';
import { entriesSql, reportSql } from '../../functions/finance/queries.ts';
import { CAUSES } from '../../functions/finance/reconciliation.ts';
import { completenessOf, periodOf, provisionalFrom, readEntryQuery } from '../../functions/finance/report.ts';
import { REPORT_NAMES, REPORTS, type ReportName } from '../../functions/finance/reports-contract.ts';
import { adjustCredits, BOOKINGS, recordPayment } from '../../functions/payments/bookings-contract.ts';
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

  describe('in money', () => {
    const sold = (day: string, currency: string, sold: number, recognised: number, refunded = 0): DayRecord => ({
      ...record(day),
      revenue: { [currency]: { sold, refunded, recognised } },
    });
    const booked = [sold('2026-02-01', 'usd', 1000, 100), sold('2026-02-02', 'usd', 0, 150, 50), record('2026-02-03')];
    const usd = { currency: 'usd', sold: 1000, refunded: 50, recognised: 250 };

    it('is what was deferred before, sold, paid back, earned and deferred after, by currency', () => {
      expect(revenueOf([...booked, sold('2026-02-04', 'eur', 7, 7)], { usd: 300, jpy: 9 })).toEqual([
        { currency: 'eur', deferred_before: 0, sold: 7, refunded: 0, recognised: 7, deferred_after: 0 },
        { currency: 'jpy', deferred_before: 9, sold: 0, refunded: 0, recognised: 0, deferred_after: 9 },
        { ...usd, deferred_before: 300, deferred_after: 1000 },
      ]);
      expect(revenueOf(booked, null)).toEqual([{ ...usd, deferred_before: null, deferred_after: null }]);
    });

    it('goes into the manifest and begins the next month, and leaves manifests from before as they were', () => {
      const shown = (deferredBefore?: Record<string, number>) =>
        JSON.parse(manifestOf(MONTH, booked, { ...facts, ...(deferredBefore && { deferredBefore }) })).revenue;
      expect(shown({ usd: 300 })).toEqual([{ ...usd, deferred_before: 300, deferred_after: 1000 }]);
      expect(shown()).toBeUndefined();
      const closed = { month: MONTH, hash: 'h', ...facts, closedBy: 'p', closedAt: '2026-03-01T09:00:00.000Z' };
      expect(deferredAfter({ ...closed, deferredBefore: { usd: 300 } }, booked)).toEqual({ usd: 1000 });
      expect(deferredAfter(closed, [record('2026-02-01')])).toEqual({});
    });
  });

  const open = (records: readonly DayRecord[], more: Partial<OpenMonth> = {}): OpenMonth => ({
    month: MONTH,
    days: records,
    firstDay: '2025-11-24',
    before: { isClosed: true, isExported: true, deferred: {} },
    ...more,
  });

  it('has what is left to export: all that is not reconciled, from the first account on', () => {
    const states = [
      { ...record('2026-02-26'), state: 'exporting' },
      { ...record('2026-02-27'), state: 'provisional' },
    ];
    const left = [...days.slice(0, 25), ...states] as DayRecord[];
    expect(unexportedDays(open(left))).toEqual(['2026-02-26', '2026-02-27', '2026-02-28']);
    expect(unexportedDays(open(days))).toEqual([]);
  });

  it('needs no day before the platform had an account, unless one was exported all the same', () => {
    expect(neededDays(open([], { firstDay: '2026-02-24' }))).toEqual(daysOf(MONTH).slice(23));
    expect(neededDays(open([record('2026-02-20')], { firstDay: '2026-02-24' }))).toEqual(daysOf(MONTH).slice(19));
    expect(neededDays(open([], { firstDay: '2026-03-01' }))).toEqual([]);
    expect(neededDays(open([], { firstDay: undefined }))).toEqual([]);
    expect(neededDays(open([])).length).toBe(28);
  });

  const first = { isClosed: false, isExported: false, deferred: {} };
  it.each<[string, OpenMonth, string, RegExp | undefined]>([
    ['is over', open(days), '2026-03-01', undefined],
    ['is not over', open(days), '2026-02-28', /not over/],
    ['is the first', open(days, { firstDay: '2026-02-24', before: first }), '2026-03-01', undefined],
    ['has one before it that is not closed', open(days, { before: first }), '2026-03-01', /2026-01 is not closed/],
    [
      'has one before it that was exported and not closed',
      open(days, { firstDay: '2026-02-24', before: { isClosed: false, isExported: true, deferred: null } }),
      '2026-03-01',
      /2026-01 is not closed/,
    ],
    [
      'is before the first account',
      open([], { firstDay: '2026-03-01', before: first }),
      '2026-03-01',
      /nothing in 2026-02: the first account came on 2026-03-01/,
    ],
  ])('that %s is closed or not', (_, month, today, why) => {
    const said = whyNotYet(month, today);
    if (why) expect(said).toMatch(why);
    else expect(said).toBeUndefined();
  });

  it('with what nobody explains is closed with a reason alone', () => {
    const unclear = [{ ...record('2026-02-01'), unexplained: 1 }, ...days.slice(1)];
    expect(whyNotExplained(unclear, null)).toMatch(/2026-02-01 .*nobody explains/);
    expect(whyNotExplained(unclear, 'known')).toBeUndefined();
    expect(whyNotExplained(days, null)).toBeUndefined();
  });

  it('is shown with links to its files, and with the days that it does not need', () => {
    const state = {
      needed: daysOf(MONTH).slice(1),
      closed: undefined,
      changed: [],
      blocked: null,
      deferredBefore: {},
      baseUrl: 'https://api.example.com',
    };
    const shown = describeMonth(MONTH, days.slice(2), state);
    expect(shown.days.slice(0, 3).map(({ state: how }) => how)).toEqual(['not_needed', 'missing', 'reconciled']);
    const ledger = shown.days[2]?.files.find(({ dataset }) => dataset === 'ledger_entries');
    expect([ledger?.csv.link, ledger?.parquet.link]).toEqual(
      FORMS.map(form => `https://api.example.com/v1/reports/files/2026-02-03/ledger_entries?form=${form}`),
    );
  });
});

describe('a report', () => {
  const period = (members: object, today = '2030-01-01') => periodOf(readReport.input.parse(members), today);

  it('of fees is of the twelve months that end with its date', () => {
    const fees = (at: string) => period({ report: 'fees-paid', at });
    const valued = (from: string, to: string) => ({ from, to: '2030-01-01', valued: { from, to } });
    expect(fees('2026-11-24')).toEqual(valued('2025-11-25', '2026-11-24'));
    expect(fees('2026-12-31')).toEqual(valued('2026-01-01', '2026-12-31'));
    expect(fees('2028-02-29')).toEqual(valued('2027-03-01', '2028-02-29'));
    expect(fees('2027-02-28')).toEqual(valued('2026-03-01', '2027-02-28'));
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

  it('is of days that have begun, and so are the entries behind it', () => {
    const [today, tomorrow] = ['2026-11-24', '2026-11-25'];
    const field = (members: object) => refusalOf(() => period(members, today))?.field;
    expect(field({ report: 'plans', from: '2026-11-01', to: today })).toBeUndefined();
    expect(field({ report: 'plans', from: '2026-11-01', to: tomorrow })).toBe('to');
    expect(field({ report: 'fees-paid', at: today })).toBeUndefined();
    expect(field({ report: 'fees-paid', at: tomorrow })).toBe('at');
    const entries = (to: string) => listReportEntries.input.parse({ from: '2026-11-01', to });
    expect(refusalOf(() => readEntryQuery(entries(today), today))).toBeUndefined();
    expect(refusalOf(() => readEntryQuery(entries(tomorrow), today))?.field).toBe('to');
  });

  it('is final before the first day that is not exported for good, and today never', () => {
    const from = (provisional: string[]) =>
      provisionalFrom(
        { from: '2026-11-01', to: '2026-11-24' },
        { exported: new Set(), provisional: new Map(provisional.map(day => [day, ''])) },
        '2026-11-24',
      );
    expect(from([])).toBe('2026-11-24');
    expect(from(['2026-11-24', '2026-11-23'])).toBe('2026-11-23');
    expect(from(['2026-10-31'])).toBe('2026-11-24');
  });

  it('names the days that are not exported, and since when none is missing', () => {
    const exported = new Set(['2026-10-01', '2026-10-03', '2026-10-04', '2026-11-01']);
    const of = (name: ReportName, from: string, to: string) =>
      completenessOf(name, { from, to }, { exported, provisional: new Map() });
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
      completenessOf(
        'credits-outstanding',
        { from: '2025-01-01', to },
        { exported: new Set(days), provisional: new Map() },
      );
    expect(at('2026-10-03', ['2026-10-02', '2026-10-03'])).toEqual({ missing_days: [], complete_from: '2026-10-02' });
    expect(at('2026-10-03', ['2026-10-01', '2026-10-03'])).toEqual({
      missing_days: ['2026-10-02'],
      complete_from: '2026-10-03',
    });
    expect(at('2026-10-03', [])).toEqual({ missing_days: ['2026-10-03'], complete_from: null });
  });

  it.each(REPORT_NAMES)('%s is in the order of what its rows are grouped by, and reads its days alone', name => {
    const grouped = Object.values(REPORTS[name].columns).map(({ type }) => type === 'key' || type === 'text');
    const places = grouped.flatMap((isGrouped, index) => (isGrouped ? [index + 1] : []));
    const sql = reportSql(name, { from: '2026-10-01', to: '2026-10-02', provisionalFrom: '2026-10-03' }, "it's");
    expect(sql.endsWith(`ORDER BY ${places.join(', ')}`)).toBe(true);
    expect(Object.keys(REPORTS[name].columns)).toContain('status');
    const where = "WHERE day BETWEEN '2026-10-01' AND '2026-10-02' AND account_id = 'it''s'";
    expect(sql.split(where).length).toBe(sql.split('WHERE').length);
    expect(sql.match(/FROM \w+/g)?.length).toBe(sql.split(where).length - 1);
  });

  it('takes any text for a text: no quote ends it', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const query = { from: '2026-01-01', to: '2026-01-02', provisionalFrom: '2026-01-03', limit: 1 };
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
  const ISSUER = { issuer: 'Mutoscope Video GmbH', provider: 'Mutoscope' };
  const booked = { accountId: 'acct_1', accountName: 'Acme', bookedAt: '2026-12-31T23:59:59.999Z' };
  const charge = (entry: Entry, at = booked.bookedAt) => {
    const row = focusRow({ ...entry, ...booked, bookedAt: at }, ISSUER);
    return Object.fromEntries(DATASETS.focus_costs.columns.map(({ name }, index) => [name, row?.[index]]));
  };
  const bought = (amount: number, currency: string) =>
    charge(purchase('r', 500, { amount, currency, reference: 'pi_1' }));

  it('is billed in the currency that was paid, in whole and not in its smallest unit', () => {
    expect(bought(500, 'usd').BilledCost).toBe(50_000);
    expect(bought(500, 'jpy').BilledCost).toBe(5_000_000);
    expect(bought(500, 'kwd').BilledCost).toBe(5_000);
  });

  it('of a purchase has the list price beside what was paid, and is no cost until it is used', () => {
    expect(bought(440, 'usd')).toMatchObject({
      BilledCost: 44_000,
      ContractedCost: 44_000,
      ContractedUnitPrice: 44_000,
      EffectiveCost: 0,
      ListUnitPrice: 50_000,
      ListCost: 50_000,
      PricingQuantity: 10_000,
      PricingUnit: 'Purchases',
      SkuPriceId: 'credits/500',
      SkuPriceDetails: '{"x_Credits":500}',
      InvoiceId: null,
    });
    const document = { ...purchase('r', 500, { amount: 440, currency: 'usd', reference: 'pi_1' }), ...booked };
    const numbered = focusRow({ ...document, invoiceNumber: '2026-000417' }, ISSUER);
    expect(numbered?.[DATASETS.focus_costs.columns.findIndex(({ name }) => name === 'InvoiceId')]).toBe('2026-000417');
    expect(bought(400, 'eur')).toMatchObject({ ContractedUnitPrice: 40_000, ListUnitPrice: 40_000, ListCost: 40_000 });
    const money = { amount: 220, currency: 'usd', reference: 're_2' };
    expect(charge(refundPurchase('r', 250, money))).toMatchObject({
      BilledCost: -22_000,
      ContractedUnitPrice: 22_000,
      ListUnitPrice: 25_000,
      ListCost: -25_000,
      PricingQuantity: -10_000,
    });
  });

  it('costs its unit price times its quantity to the last digit, whatever was paid for however many credits', () => {
    const money = fc.record({
      amount: fc.integer({ min: 1, max: 10_000_000_000 }),
      currency: fc.constantFrom('usd', 'eur', 'jpy', 'kwd'),
      reference: fc.constant('r'),
    });
    const amount = fc.nat(100_000_000);
    const corrects = { entryId: 'purchase#r', bookedAt: '2026-12-01T00:00:00.000Z' };
    const hand = { reason: 'bounced', reference: 'r' };
    const entry = fc.oneof(
      fc.tuple(amount, money).map(([credits, paid]) => purchase('r', credits, paid)),
      fc.tuple(amount, money).map(([credits, paid]) => refundPurchase('r', credits, paid)),
      fc.tuple(amount, money).map(([credits, paid]) => reversePurchase('r', credits, paid, { corrects, hand })),
      amount.map(credits => settle(1, credits, 'capture', { function: 'extend' })),
    );
    fc.assert(
      fc.property(entry, made => {
        const row = charge(made);
        const product = (price: string) => BigInt(row[price] as number) * BigInt(row.PricingQuantity as number);
        expect(product('ContractedUnitPrice')).toBe(BigInt(row.ContractedCost as number) * 10_000n);
        expect(product('ListUnitPrice')).toBe(BigInt(row.ListCost as number) * 10_000n);
        expect(Object.values(row).some(cell => Object.is(cell, -0))).toBe(false);
      }),
    );
  });

  it('is a correction where it takes back what was billed in a period before, and in its own period none', () => {
    const money = { amount: 500, currency: 'usd', reference: 're_1' };
    const classAt = (purchasedAt: string, at: string) =>
      charge(refundPurchase('r', 500, money, { entryId: 'purchase#r', bookedAt: purchasedAt }), at).ChargeClass;
    expect(classAt('2026-12-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z')).toBeNull();
    expect(classAt('2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z')).toBe('Correction');
    expect(bought(500, 'usd').ChargeClass).toBeNull();
  });

  it('names issuer, provider and account', () => {
    expect(bought(500, 'usd')).toMatchObject({
      InvoiceIssuerName: 'Mutoscope Video GmbH',
      ProviderName: 'Mutoscope',
      PublisherName: 'Mutoscope',
      BillingAccountId: 'acct_1',
      BillingAccountName: 'Acme',
    });
  });

  it('of the last moment of a year is billed with December, to the second', () => {
    expect(bought(1, 'usd')).toMatchObject({
      BillingPeriodStart: '2026-12-01T00:00:00Z',
      BillingPeriodEnd: '2027-01-01T00:00:00Z',
    });
  });
});

describe('a currency', () => {
  const taken = (currency: string) => recordPayment.input.shape.currency.safeParse(currency).success;

  it('is one of ISO 4217 that is in use, in small letters', () => {
    for (const code of ['usd', 'eur', 'jpy', 'kwd']) expect(taken(code)).toBe(true);
    for (const code of ['USD', 'xyz', 'crd', 'dem', 'xxx', '']) expect(taken(code)).toBe(false);
    expect(['usd', 'jpy', 'kwd', 'JPY'].map(minorDigits)).toEqual([2, 0, 3, 0]);
  });
});

describe('a reason', () => {
  const taken = (reason: string) => adjustCredits.input.shape.reason.safeParse(reason).success;

  it('is text that a spreadsheet does not calculate, on one line', () => {
    for (const reason of ['credited twice', '退款：重复入账', "customer's wish", 'a=b'])
      expect(taken(reason)).toBe(true);
    for (const reason of ['=1+1', '+1 for them', '-250 credits', '@all of it', 'two\nlines', 'a\u2028b', '   ', 'no'])
      expect(taken(reason)).toBe(false);
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

describe("finance's page", () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/finance.md'), 'utf8');
  const explained = (name: string) => new RegExp(`^\\|[^|]*\`${name}\`[^|]*\\|[^|]{10,}`, 'm').test(page);

  it('explains every cause of a difference, with what to do, and every dataset', () => {
    expect(Object.keys(CAUSES).filter(cause => !explained(cause))).toEqual([]);
    expect(DATASET_NAMES.filter(name => !explained(name))).toEqual([]);
  });

  it('lists every route of reports and of bookings by hand', () => {
    const paths = [...Object.values(REPORT_LIST.routes), ...Object.values(BOOKINGS.routes)].map(({ path }) => path);
    const tail = (path: string) => path.slice(path.indexOf('}') + 1);
    const named = (path: string) => page.includes(path) || (tail(path) !== '' && page.includes(`…${tail(path)}\``));
    expect(paths.filter(path => !named(path))).toEqual([]);
  });
});
