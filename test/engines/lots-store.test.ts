/** The lots of accounts in the product's own tables: what is kept of a day, and what is made again of the ledger. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, grant, hold, purchase, settle } from '../../functions/credits/ledger.ts';
import { LotFold, type Lots, NO_LOTS } from '../../functions/credits/lots.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;
let stores: typeof import('../../functions/credits/lots-store.ts') &
  typeof import('../../functions/credits/ledger-store.ts');

beforeAll(async () => {
  product = await startProductTables();
  stores = {
    ...(await import('../../functions/credits/lots-store.ts')),
    ...(await import('../../functions/credits/ledger-store.ts')),
  };
}, 60_000);
afterAll(() => product?.stop());

const at = (day: string, hour = 6) => `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;

async function book(accountId: string, entry: Entry, bookedAt: string): Promise<void> {
  const { Put } = stores.entryWrite(product.tables.ledger, accountId, entry, Date.parse(bookedAt));
  await product.put(product.tables.ledger, Put?.Item ?? {});
}

function folded(...entries: [entry: Entry, bookedAt: string][]): Lots {
  const fold = new LotFold(NO_LOTS);
  for (const [entry, bookedAt] of entries) fold.apply({ ...entry, bookedAt });
  return fold.lots();
}

const sold = purchase('1', 100, { amount: 990, currency: 'usd', reference: 'pi_1' });
const given = grant('opening', 30);
const history: [entry: Entry, bookedAt: string][] = [
  [given, at('2026-10-01')],
  [sold, at('2026-10-02')],
  [hold(7, 60), at('2026-10-04', 7)],
  [settle(7, 60, 'capture'), at('2026-10-04', 8)],
];

describe('the lots of an account', () => {
  it('are made of its ledger where none were kept, up to the day', async () => {
    for (const [entry, bookedAt] of history) await book('acct_a', entry, bookedAt);
    const lotsOn = (day: string) => stores.lotsBefore(product.tables, 'acct_a', day);
    expect(await lotsOn('2026-10-01')).toEqual(NO_LOTS);
    expect(await lotsOn('2026-10-04')).toEqual(folded(...history.slice(0, 2)));
    expect(await lotsOn('2026-10-05')).toEqual(folded(...history));
    expect(await stores.keptLots(product.tables.core, 'acct_a', '2026-12-31')).toBeUndefined();
  });

  it('go on from the latest that were kept before the day, in whatever order days are exported', async () => {
    for (const [entry, bookedAt] of history) await book('acct_b', entry, bookedAt);
    const later = folded(...history);
    await stores.keepLots(product.tables.core, 'acct_b', '2026-10-04', { lots: later, begun: [] });
    const lotsOn = (day: string) => stores.lotsBefore(product.tables, 'acct_b', day);
    expect(await lotsOn('2026-10-04')).toEqual(folded(...history.slice(0, 2)));
    // What is kept is gone on from: these are other lots than those of the ledger.
    const other = folded([grant('other', 500), at('2026-10-01')]);
    await stores.keepLots(product.tables.core, 'acct_b', '2026-10-02', { lots: other, begun: [] });
    expect((await lotsOn('2026-10-04')).open).toEqual(other.open);
    expect((await lotsOn('2026-10-05')).open).toEqual(later.open);
    expect(await stores.keptLots(product.tables.core, 'acct_b', '2026-10-03')).toMatchObject({ day: '2026-10-02' });
  });

  it("are another account's as little as its ledger is, and the same however often they are kept", async () => {
    await stores.keepLots(product.tables.core, 'acct_c', '2026-10-02', { lots: folded(...history), begun: [] });
    await stores.keepLots(product.tables.core, 'acct_c', '2026-10-02', { lots: folded(...history), begun: [] });
    expect(await stores.keptLots(product.tables.core, 'acct_c', '2026-10-02')).toMatchObject(folded(...history));
    expect(await stores.keptLots(product.tables.core, 'acct_', '2026-10-02')).toBeUndefined();
  });

  it('take what was booked in the order of time, whatever the ids', async () => {
    const buy = (reference: string) => purchase(reference, 10, { amount: 10, currency: 'usd', reference });
    const booked: [entry: Entry, hour: number][] = [
      [buy('b'), 5],
      [hold(7, 4), 6],
      [settle(7, 4, 'capture'), 7],
      [buy('a'), 8],
    ];
    for (const [entry, hour] of booked) await book('acct_e', entry, at('2026-10-01', hour));
    const { open } = await stores.lotsBefore(product.tables, 'acct_e', '2026-10-02');
    expect(open.map(({ id, used }) => [id, used])).toEqual([
      ['purchase#b', 4],
      ['purchase#a', 0],
    ]);
  });

  it('take what has one moment in the order of ids, and entries of more than a page', async () => {
    const many = Array.from({ length: 400 }, (_, index) => {
      const reference = 'x'.repeat(900) + String(1400 - index);
      return [purchase(reference, 1, { amount: 1, currency: 'usd', reference }), at('2026-10-01', index % 5)] as const;
    });
    for (const [entry, bookedAt] of many) await book('acct_d', entry, bookedAt);
    const { open } = await stores.lotsBefore(product.tables, 'acct_d', '2026-10-02');
    expect(open.length).toBe(400);
    const places = open.map(({ bookedAt, id }) => `${bookedAt} ${id}`);
    expect(places).toEqual(places.toSorted((one, other) => (one < other ? -1 : 1)));
  });
});
