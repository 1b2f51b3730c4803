import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { deferredOf, type Lots, leftOf, NO_LOTS } from '../../functions/credits/lots.ts';
import { DATASET_NAMES, DATASETS } from '../../functions/finance/dataset-contract.ts';
import type { LotBook } from '../../functions/finance/day-lots.ts';
import { type DaySources, type DaySummary, exportDay, exportEntries } from '../../functions/finance/export-day.ts';
import { GeneratedMonth, nameOf } from '../support/generated-month.ts';
import { inMemory } from '../support/kept-files.ts';

const DAY = '2026-10-10';
const ISSUER = { issuer: 'Mutoscope Video GmbH', provider: 'Mutoscope' };
const LOT = { kind: 'paid', credits: 10_000_000, used: 0, bookedAt: '2026-09-01T06:00:00.000Z' } as const;
const month = new GeneratedMonth({ month: '2026-10', jobs: 6200 });

async function exported(sources: DaySources = month): Promise<{ files: Map<string, Buffer>; summary: DaySummary }> {
  const files = new Map<string, Buffer>();
  return { files, summary: await exportDay(DAY, sources, inMemory(files), ISSUER) };
}

async function parquetRows(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file });
}

/** By RFC 4180, of files without line ends in their cells. */
function csvRows(bytes: Buffer): string[][] {
  const cells = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  const lines = bytes.toString().split('\r\n');
  expect(lines.pop()).toBe('');
  return lines.map(line => cells(line).map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain));
}

/** The same sources with something else in place of one. */
function changed(members: Partial<DaySources>): DaySources {
  const sources: DaySources = {
    entries: (...place) => month.entries(...place),
    started: (...place) => month.started(...place),
    ended: (...place) => month.ended(...place),
    gateway: day => month.gateway(day),
    usage: (...place) => month.usage(...place),
    name: accountId => month.name(accountId),
    lots: month.lots,
    invoices: day => month.invoices(day),
    invoiceNumber: entry => month.invoiceNumber(entry),
  };
  return { ...sources, ...members };
}

describe('the export of a day', () => {
  it('writes every dataset as CSV and as Parquet, with the same rows in the same order', async () => {
    const { files, summary } = await exported();
    expect([...files.keys()].sort()).toEqual(
      ['csv', 'parquet'].flatMap(form => DATASET_NAMES.map(name => `${form}/${name}/day=${DAY}/data.${form}`)).sort(),
    );
    for (const name of DATASET_NAMES) {
      const { rows, csv, parquet } = summary.datasets[name];
      const [header = [], ...lines] = csvRows(files.get(csv.key) as Buffer);
      const objects = await parquetRows(files.get(parquet.key) as Buffer);
      const { columns } = DATASETS[name];
      expect(header).toEqual(columns.map(column => column.name));
      expect([lines.length, objects.length]).toEqual([rows, rows]);
      for (const [index, object] of objects.entries()) {
        const written = columns.map(({ name: column, type }) => {
          const value = object[column];
          if (value === null || value === undefined) return '';
          return type === 'decimal' ? Number(value).toFixed(4) : String(value);
        });
        if (index < 50) expect(lines[index]).toEqual(written);
      }
    }
    expect(summary.datasets.ledger_entries.rows).toBe(month.booked(DAY).length);
    expect(summary.datasets.jobs_started.rows).toBe(200);
  });

  it('has the same bytes whenever it is run, whatever became of the jobs since', async () => {
    const first = await exported();
    const later = changed({
      async *started(day, shard) {
        // All have ended and half are deleted by now, in pages of another size.
        for await (const page of month.started(day, shard)) {
          for (const job of page) {
            const deleted = job.jobId % 2 === 0 ? { state: 'deleted', endedAs: job.state } : {};
            yield [{ ...job, ...deleted }];
          }
        }
      },
      async *ended(day, shard) {
        for await (const page of month.ended(day, shard)) {
          yield page.map(job => ({ ...job, state: 'deleted', endedAs: job.state }));
        }
      },
    });
    expect((await exported(later)).summary).toEqual(first.summary);
  });

  it('is in the order of time, then account, then id, over all shards', async () => {
    const { files, summary } = await exported();
    const rows = await parquetRows(files.get(summary.datasets.ledger_entries.parquet.key) as Buffer);
    const places = rows.map(row => `${row.booked_at} ${row.account_id} ${row.entry_id}`);
    expect(places).toEqual([...places].sort());
    expect(new Set(rows.map(row => row.booked_at)).size).toBeLessThan(rows.length);
  });

  it('sums each entry to zero, and gives each charge its cost in dollars', async () => {
    const { files, summary } = await exported();
    const entries = await parquetRows(files.get(summary.datasets.ledger_entries.parquet.key) as Buffer);
    const sides = ['available', 'held', 'revenue', 'issued', 'sold', 'expired', 'adjusted'];
    for (const entry of entries) expect(sides.reduce((sum, side) => sum + Number(entry[side]), 0)).toBe(0);
    const captured = entries.reduce((sum, entry) => sum + Number(entry.revenue), 0);
    const costs = await parquetRows(files.get(summary.datasets.focus_costs.parquet.key) as Buffer);
    const usage = costs.filter(cost => cost.ChargeCategory === 'Usage');
    expect(usage.reduce((sum, cost) => sum + Math.round(Number(cost.EffectiveCost) * 100), 0)).toBe(captured);
    expect(summary.kinds.capture).toEqual({ count: usage.length, credits: captured });
    expect(usage[0]).toMatchObject({
      BillingPeriodStart: '2026-10-01T00:00:00Z',
      BillingPeriodEnd: '2026-11-01T00:00:00Z',
      ChargePeriodStart: '2026-10-10T00:00:00Z',
      ChargePeriodEnd: '2026-10-11T00:00:00Z',
      BilledCost: 0,
      BillingCurrency: 'USD',
      InvoiceIssuerName: 'Mutoscope Video GmbH',
      PricingCurrency: 'CRD',
      ConsumedUnit: 'Videos',
    });
  });

  it("has each account's name beside its id, and not as a spreadsheet would calculate it", async () => {
    const asked: string[] = [];
    const { files, summary } = await exported(
      changed({
        name: async accountId => {
          asked.push(accountId);
          return accountId === 'acct_000001' ? '=HYPERLINK("http://x")' : '';
        },
      }),
    );
    const [, ...accounts] = csvRows(files.get(summary.datasets.accounts.csv.key) as Buffer);
    expect(accounts.find(([id]) => id === 'acct_000001')).toEqual(['acct_000001', `'=HYPERLINK("http://x")`]);
    expect(accounts).toEqual(accounts.toSorted());
    expect(new Set(asked).size).toBe(asked.length);
    const entries = await parquetRows(files.get(summary.datasets.ledger_entries.parquet.key) as Buffer);
    expect(new Set(entries.map(entry => `${entry.account_id} ${entry.account_name ?? ''}`))).toEqual(
      new Set(accounts.map(cells => cells.join(' '))),
    );
  });

  it('moves the lots of its accounts, keeps them as they are at its end, and has what was earned as rows', async () => {
    const kept = new Map<string, Lots>();
    const lots: LotBook = {
      before: async accountId => ({
        open: [{ ...LOT, id: `purchase#${accountId}`, money: { amount: 1_000_000, currency: 'usd' } }],
        owed: 0,
        available: LOT.credits,
        held: 0,
      }),
      keep: async (accountId, day, { lots: after }) => void kept.set(`${accountId} ${day}`, after),
    };
    const { files, summary } = await exported(changed({ lots }));
    const rows = await parquetRows(files.get(summary.datasets.recognised_revenue.parquet.key) as Buffer);
    const captured = new Map<string, number>();
    for (const { accountId, kind, postings } of month.booked(DAY)) {
      const credits = postings.find(({ account }) => account === 'revenue')?.amount ?? 0;
      if (kind === 'capture') captured.set(accountId, (captured.get(accountId) ?? 0) + credits);
    }
    expect(rows.map(row => [row.account_id, row.currency, Number(row.credits_used), Number(row.recognised)])).toEqual(
      [...captured].sort().map(([accountId, credits]) => [accountId, 'usd', credits, Math.floor(credits / 10)]),
    );
    const earned = rows.reduce((sum, row) => sum + Number(row.recognised), 0);
    expect(summary.revenue).toEqual({ usd: { sold: 0, refunded: 0, recognised: earned } });
    for (const row of rows) {
      const after = kept.get(`${row.account_id} ${DAY}`);
      expect(after?.open.map(lot => [leftOf(lot), deferredOf(lot)])).toEqual([
        [Number(row.credits_after), Number(row.deferred_after)],
      ]);
    }
    expect(summary.causes.unexplained).toBeUndefined();
  });

  it('says of lots that do not have what the account has that nobody explains it', async () => {
    const before = async () => ({ ...NO_LOTS, available: 5 });
    const { summary } = await exported(changed({ lots: { before, keep: async () => {} } }));
    expect(summary.causes.unexplained).toBe(new Set(month.booked(DAY).map(({ accountId }) => accountId)).size);
  });

  it('has the entries of a day that goes on, and nothing else of it', async () => {
    const files = new Map<string, Buffer>();
    const { rows, parquet } = await exportEntries(DAY, month, inMemory(files));
    expect([...files.keys()]).toEqual(['csv', 'parquet'].map(form => `${form}/ledger_entries/day=${DAY}/data.${form}`));
    const whole = await exported();
    expect([rows, parquet]).toEqual([
      whole.summary.datasets.ledger_entries.rows,
      whole.summary.datasets.ledger_entries.parquet,
    ]);
  });

  it('leaves nothing behind where a source fails', async () => {
    const files = new Map<string, Buffer>();
    const aborted: string[] = [];
    const open = (key: string) => ({
      ...inMemory(files)(key, ''),
      abort: async () => void aborted.push(key),
    });
    const failing = changed({
      async *ended() {
        yield [];
        throw new Error('the table is away');
      },
    });
    await expect(exportDay(DAY, failing, open, ISSUER)).rejects.toThrow('the table is away');
    expect(aborted.sort()).toEqual(['csv', 'parquet'].map(form => `${form}/jobs_ended/day=${DAY}/data.${form}`));
  });

  it('stops at a shard that goes back in time: it would not be the same bytes again', async () => {
    const shuffled = changed({
      async *entries(day, shard) {
        for await (const page of month.entries(day, shard)) yield page.toReversed();
      },
    });
    await expect(exported(shuffled)).rejects.toThrow(/goes back/);
  });
});

describe('the reconciliation of a day', () => {
  it('explains everything of a day that was kept as it should be', async () => {
    const { summary } = await exported();
    expect(summary.unexplained).toBe(0);
    expect(summary.causes).toEqual({
      job_open: expect.any(Number),
      requests_without_job: expect.any(Number),
      started_earlier: expect.any(Number),
    });
  });

  it.each<[string, Partial<DaySources>, RegExp]>([
    ['an entry that is lost', { entries: (day, shard) => dropFirst(month.entries(day, shard), shard === 3) }, /jobs/],
    ['a job that is lost', { started: (day, shard) => dropFirst(month.started(day, shard), shard === 3) }, /jobs/],
    ['an end that is lost', { ended: (day, shard) => dropFirst(month.ended(day, shard), shard === 3) }, /jobs/],
    [
      'a count that is wrong',
      {
        async *usage(accountId, day) {
          for await (const page of month.usage(accountId, day)) {
            yield page.map((count, index) => (index === 0 ? { ...count, held: (count.held ?? 0) + 1 } : count));
          }
        },
      },
      /usage/,
    ],
    [
      'requests that are too few',
      {
        async *gateway(day) {
          for await (const count of month.gateway(day)) yield { ...count, requests: 0 };
        },
      },
      /gateway/,
    ],
  ])('does not explain %s', async (_, members, beside) => {
    const { files, summary } = await exported(changed(members));
    expect(summary.unexplained).toBeGreaterThan(0);
    const rows = await parquetRows(files.get(summary.datasets.reconciliation.parquet.key) as Buffer);
    const unclear = rows.find(row => row.cause === 'unexplained' && beside.test(String(row.beside)));
    expect(unclear).toMatchObject({ account_name: nameOf(String(unclear?.account_id)) });
  });

  it('knows the key of nobody, the plan that was changed between counts, and the turn of the day', async () => {
    const { summary } = await exported(
      changed({
        async *gateway(day) {
          for await (const count of month.gateway(day)) {
            const { accountId = '', ...nobody } = count;
            // Everything of one account was counted in a plan that it has only since.
            if (accountId === 'acct_000001') yield { ...count, plan: 'scale' };
            else if (accountId === 'acct_000002') yield nobody;
            else yield count;
          }
        },
      }),
    );
    expect(summary.causes).toMatchObject({ key_unknown: 1, plan_changed: 1, unexplained: expect.any(Number) });
  });
});

async function* dropFirst<Item>(pages: AsyncIterable<readonly Item[]>, drop: boolean): AsyncGenerator<Item[]> {
  let rest = drop ? 1 : 0;
  for await (const page of pages) {
    yield page.slice(rest);
    rest = 0;
  }
}
