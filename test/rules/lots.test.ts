import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustment,
  availableBy,
  balanceOf,
  type Entry,
  expiry,
  grant,
  hold,
  purchase,
  refundPurchase,
  reversePurchase,
  settle,
} from '../../functions/credits/ledger.ts';
import {
  addsUp,
  deferredOf,
  endable,
  LotFold,
  type Lots,
  leftOf,
  NO_LOTS,
  standingOf,
} from '../../functions/credits/lots.ts';

type Booked = Entry & { readonly bookedAt: string };
const at = (index: number) => new Date(Date.UTC(2026, 9, 1) + index * 3_600_000).toISOString();
const usd = (amount: number, currency = 'usd') => ({ amount, currency, reference: `pi_${amount}` });
const given = (name: string, credits: number, expiresOn?: string): Entry => ({
  ...grant(name, credits),
  ...(expiresOn && { expiresOn }),
});
const used = (job: number, credits: number) => [hold(job, credits), settle(job, credits, 'capture')];
const corrects = (entryId: string) => ({ entryId, bookedAt: at(0) });

function folded(entries: readonly Entry[], before: Lots = NO_LOTS, from = 0) {
  const fold = new LotFold(before);
  entries.forEach((entry, index) => {
    fold.apply({ ...entry, bookedAt: at(from + index) });
  });
  const lots = fold.lots();
  return {
    lots,
    moved: Object.fromEntries(fold.movements()),
    left: Object.fromEntries(lots.open.map(lot => [lot.id, leftOf(lot)])),
  };
}

describe('what is captured', () => {
  it('uses gifts first, those that end first, and then what was bought, the oldest first', () => {
    const history = [
      purchase('old', 10, usd(10)),
      given('no end', 10),
      given('late', 10, '2027-02-01'),
      purchase('new', 10, usd(10)),
      given('soon', 10, '2027-01-01'),
    ];
    const left = (credits: number) => folded([...history, ...used(1, credits)]).left;
    expect(left(9)).toEqual({
      'grant#soon': 1,
      'grant#late': 10,
      'grant#no end': 10,
      'purchase#old': 10,
      'purchase#new': 10,
    });
    expect(left(15)).toEqual({ 'grant#late': 5, 'grant#no end': 10, 'purchase#old': 10, 'purchase#new': 10 });
    expect(left(25)).toEqual({ 'grant#no end': 5, 'purchase#old': 10, 'purchase#new': 10 });
    expect(left(35)).toEqual({ 'purchase#old': 5, 'purchase#new': 10 });
    expect(left(45)).toEqual({ 'purchase#new': 5 });
  });

  it('earns nothing of a gift, and of a purchase its part, rounded down until the last credit', () => {
    const sold = [given('1', 5), purchase('1', 3, usd(100))];
    const recognised = (credits: number) => folded([...sold, ...used(1, credits)]).moved.usd?.recognised;
    expect([5, 6, 7, 8].map(recognised)).toEqual([0, 33, 66, 100]);
  });

  it('is owed by the next lot where clocks put it before the lot that it used', () => {
    const { left, moved, lots } = folded([...used(1, 4), purchase('1', 10, usd(100))]);
    expect(left).toEqual({ 'purchase#1': 6 });
    expect(moved.usd).toMatchObject({ sold: 100, recognised: 40, deferredAfter: 60 });
    expect(lots.owed).toBe(0);
  });
});

describe('what is paid back', () => {
  it('is taken from its own purchase, and leaves what is deferred of others', () => {
    const { left, moved } = folded([
      purchase('a', 100, usd(1000)),
      purchase('b', 100, usd(500)),
      refundPurchase('re', 100, usd(500), corrects('purchase#b')),
    ]);
    expect(left).toEqual({ 'purchase#a': 100 });
    expect(moved.usd).toMatchObject({ sold: 1500, refunded: 500, recognised: 0, deferredAfter: 1000 });
  });

  it('makes what was used of its purchase use of the next one', () => {
    const { left, moved } = folded([
      purchase('a', 100, usd(1000)),
      purchase('b', 100, usd(500)),
      ...used(1, 60),
      reversePurchase('a', 100, usd(1000), { corrects: corrects('purchase#a'), hand: { reason: 'r', reference: 'a' } }),
    ]);
    expect(left).toEqual({ 'purchase#b': 40 });
    expect(moved.usd).toMatchObject({ sold: 1500, refunded: 1000, recognised: 300, deferredAfter: 200 });
  });

  it('lowers what was recognised where its purchase is used up, and also where that was never seen', () => {
    const bought = [purchase('a', 100, usd(1000)), ...used(1, 100)];
    const back = refundPurchase('re', 0, usd(300), corrects('purchase#a'));
    const { moved, lots } = folded([...bought, back]);
    expect(lots.open).toEqual([]);
    expect(moved.usd).toMatchObject({ sold: 1000, refunded: 300, recognised: 700, deferredAfter: 0 });
    const next = folded([refundPurchase('old', 10, usd(300)), given('1', 5)], folded(bought).lots, 10);
    expect(next.moved.usd).toMatchObject({ refunded: 300, recognised: -300, deferredBefore: 0, deferredAfter: 0 });
    // Ten credits were taken of which the account had none then: the gift that came after it paid five.
    expect(next.lots).toMatchObject({ open: [], owed: 5 });
  });
});

describe('a correction', () => {
  it('gives a lot without money, and takes from the newest gift and then from the newest purchase', () => {
    const { left, moved } = folded([
      given('a', 10, '2027-01-01'),
      adjustment('more', 10),
      purchase('a', 10, usd(100)),
      purchase('b', 10, usd(100)),
      adjustment('less', -24),
    ]);
    expect(left).toEqual({ 'purchase#a': 10, 'purchase#b': 6 });
    expect(moved.usd).toMatchObject({ recognised: 40, creditsTaken: 4 });
    expect(moved['']).toMatchObject({ creditsGiven: 20, creditsTaken: 20, creditsAfter: 0, deferredAfter: 0 });
  });
});

describe('the end of a gift', () => {
  const history = [given('soon', 100, '2027-01-01'), given('late', 50, '2027-02-01'), purchase('a', 100, usd(100))];

  it('takes from the gift that it names', () => {
    const ended = { ...expiry('1', 20), corrects: corrects('grant#late') };
    const { left, moved } = folded([...history, ended]);
    expect(left).toEqual({ 'grant#soon': 100, 'grant#late': 30, 'purchase#a': 100 });
    expect(moved['']).toMatchObject({ creditsExpired: 20, creditsUsed: 0 });
  });

  it('leaves what open jobs hold, which are its first credits', () => {
    const { lots } = folded([...history, hold(1, 120)]);
    expect(endable(lots, 'grant#soon')).toBe(0);
    expect(endable(lots, 'grant#late')).toBe(30);
    expect(endable(lots, 'purchase#a')).toBe(100);
    expect(endable(lots, 'grant#unknown')).toBe(0);
    expect(endable(folded([...history, hold(1, 120), settle(1, 120, 'release')]).lots, 'grant#soon')).toBe(100);
  });

  it('is what an account reads beside what it was given and has bought', () => {
    const { lots } = folded([...history, ...used(1, 10), hold(2, 5), given('as soon', 7, '2027-01-01')]);
    expect(standingOf(lots)).toEqual({ granted: 147, paid: 100, next: { expiresOn: '2027-01-01', credits: 97 } });
    expect(standingOf(NO_LOTS)).toEqual({ granted: 0, paid: 0, next: undefined });
  });
});

/** A step is done as far as the account then has the credits for it, as the ledger's conditions have it. */
type Step = { readonly kind: Entry['kind']; readonly credits: number; readonly cents: number; readonly which: number };
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'grant',
    'purchase',
    'refund',
    'reversal',
    'expiry',
    'adjustment',
    'hold',
    'capture',
    'release',
  ),
  credits: fc.integer({ min: 0, max: 500 }),
  cents: fc.integer({ min: 1, max: 9999 }),
  which: fc.nat(20),
});

function historyOf(steps: readonly Step[]): Booked[] {
  const entries: Booked[] = [];
  const sales: { id: string; credits: number; cents: number; currency: string }[] = [];
  const held = new Map<number, number>();
  for (const [index, { kind, credits, cents, which }] of steps.entries()) {
    const { available } = balanceOf(entries);
    const some = Math.min(credits, available);
    const sale = sales[which % Math.max(1, sales.length)];
    const book = (entry: Entry) => entries.push({ ...entry, bookedAt: at(index) });
    const name = String(index);
    if (kind === 'grant') book(given(name, credits, which % 2 ? at(index + which * 100).slice(0, 10) : undefined));
    if (kind === 'adjustment') book(adjustment(name, which % 2 ? credits : -some));
    if (kind === 'expiry') book({ ...expiry(name, some), corrects: corrects(entries[which]?.id ?? '') });
    if (kind === 'purchase') {
      const currency = which % 3 ? 'usd' : 'jpy';
      book(purchase(name, credits, usd(cents, currency)));
      sales.push({ id: `purchase#${name}`, credits, cents, currency });
    }
    if ((kind === 'refund' || kind === 'reversal') && sale && sale.cents > 0) {
      const back = Math.min(cents, sale.cents);
      const taken = Math.min(credits, sale.credits, available);
      book(refundPurchase(name, taken, usd(back, sale.currency), corrects(sale.id)));
      Object.assign(sale, { credits: sale.credits - taken, cents: sale.cents - back });
    }
    if (kind === 'hold') {
      book(hold(index, some));
      held.set(index, some);
    }
    const [job] = [...held].slice(which % Math.max(1, held.size));
    if ((kind === 'capture' || kind === 'release') && job) {
      book(settle(...job, kind));
      held.delete(job[0]);
    }
  }
  return entries;
}

function fold(entries: readonly Booked[], before = NO_LOTS) {
  const lots = new LotFold(before);
  for (const entry of entries) lots.apply(entry);
  return { lots: lots.lots(), movements: lots.movements() };
}

describe('after any history', () => {
  const history = fc.array(step, { maxLength: 60 }).map(historyOf);

  it('what lots have left is what the account has, and every movement adds up to the cent', () => {
    fc.assert(
      fc.property(history, entries => {
        const { lots, movements } = fold(entries);
        const { available, held } = balanceOf(entries);
        expect(lots).toMatchObject({ available, held, owed: 0 });
        expect(lots.open.reduce((sum, lot) => sum + leftOf(lot), 0)).toBe(available + held);
        for (const lot of lots.open) expect(leftOf(lot)).toBeGreaterThan(0);
        for (const [, movement] of movements) expect(addsUp(movement)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('what was paid and not paid back is recognised or deferred, and all of it is recognised once nothing is left', () => {
    fc.assert(
      fc.property(history, entries => {
        const { available, held } = balanceOf(entries);
        const everything = [
          ...entries,
          { ...hold(-1, available), bookedAt: at(99) },
          { ...settle(-1, available + held, 'capture'), bookedAt: at(99) },
        ];
        for (const [currency, moved] of fold(everything).movements) {
          const paid = entries.reduce((sum, { money }) => sum + (money?.currency === currency ? money.amount : 0), 0);
          expect(moved).toMatchObject({ recognised: paid, deferredAfter: 0, creditsAfter: 0 });
        }
      }),
    );
  });

  it('a fold that goes on from what was stored is the fold of all', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (entries, cut) => {
        const first = fold(entries.slice(0, cut));
        const stored = JSON.parse(JSON.stringify(first.lots)) as Lots;
        const then = fold(entries.slice(cut), stored);
        expect(then.lots).toEqual(fold(entries).lots);
        const deferred = new Map(first.movements.map(([currency, { deferredAfter }]) => [currency, deferredAfter]));
        for (const [currency, moved] of then.movements) {
          expect(moved.deferredBefore).toBe(deferred.get(currency) ?? 0);
          expect(addsUp(moved)).toBe(true);
        }
      }),
    );
  });

  it('what is captured takes nothing of a purchase while a gift has something left', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 500 }), (entries, wanted) => {
        const { lots } = fold(entries);
        const credits = Math.min(wanted, lots.available);
        const taken = [hold(-1, credits), settle(-1, credits, 'capture')].map(entry => ({
          ...entry,
          bookedAt: at(99),
        }));
        const after = fold(taken, lots).lots;
        const left = (kind: string, { open }: Lots) =>
          open.filter(lot => lot.kind === kind).reduce((sum, lot) => sum + leftOf(lot), 0);
        expect(left('granted', after)).toBe(Math.max(0, left('granted', lots) - credits));
        for (const lot of after.open) expect(deferredOf(lot)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

it('a charge of no credits moves no lot', () => {
  const free = settle(1, 0, 'capture');
  expect(availableBy(free)).toBe(0);
  expect(folded([purchase('a', 10, usd(10)), free]).left).toEqual({ 'purchase#a': 10 });
});
