/** Documents over the product's own tables: numbers without gaps, one document for an entry, whoever comes at once and crashes where. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailsOf } from '../../functions/accounts/mails-store.ts';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { type Entry, purchase, refundPurchase } from '../../functions/credits/ledger.ts';
import type { BookedEntry } from '../../functions/credits/ledger-store.ts';
import { documentIdOf, type InvoiceDocument } from '../../functions/invoices/document.ts';
import type { AccountEntry, IssueDependencies } from '../../functions/invoices/issue-documents-command.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { TIMEOUT_MS } from '../support/race.ts';
import { racer, random } from '../support/racer.ts';

let product: ProductTables;
let command: typeof import('../../functions/invoices/issue-documents-command.ts');
let store: typeof import('../../functions/invoices/invoices-store.ts');
let ledger: typeof import('../../functions/credits/ledger-store.ts');

beforeAll(async () => {
  product = await startProductTables();
  command = await import('../../functions/invoices/issue-documents-command.ts');
  store = await import('../../functions/invoices/invoices-store.ts');
  ledger = await import('../../functions/credits/ledger-store.ts');
});
afterAll(() => product?.stop());

const AT = Date.UTC(2026, 10, 24);
const issuer = (name: string) => ({ name, address: 'Ring 1, Berlin', country: 'DE', taxId: `DE${name}` });

/** As the function binds them, with an issuer of its own: numbers are its. */
function dependencies(name: string, given: Partial<IssueDependencies> = {}): IssueDependencies {
  return {
    tables: product.tables,
    issuer: issuer(name),
    pdfOf: async ({ number }) => Buffer.from(number),
    keepPdf: async () => {},
    now: () => AT,
    random,
    mailFrom: 'a@b.example',
    support: 'a@b.example',
    ...given,
  };
}

async function booked(accountId: string, entry: Entry, at = AT): Promise<AccountEntry> {
  const { Put } = ledger.entryWrite(product.tables.ledger, accountId, entry, at);
  await product.put(product.tables.ledger, Put?.Item ?? expect.fail());
  return { accountId, entry: { ...entry, bookedAt: new Date(at).toISOString() } };
}
const sale = (name: string, amount = 4800) =>
  purchase(name, 5000, { amount, currency: 'eur', reference: `pi_${name}` });
const back = (name: string, amount: number, { entry }: AccountEntry) =>
  refundPurchase(
    name,
    0,
    { amount, currency: 'eur', reference: name },
    { entryId: entry.id, bookedAt: entry.bookedAt },
  );

/** Again for as long as others are in the way, as a stream does. */
async function issued(tools: IssueDependencies, entry: AccountEntry): Promise<InvoiceDocument> {
  for (;;) {
    try {
      return (await command.issueDocument(tools, entry)) ?? expect.fail();
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== 'busy') throw error;
    }
  }
}
/** One after another, as a function works off its batch. */
async function delivered(tools: IssueDependencies, entries: readonly AccountEntry[]): Promise<InvoiceDocument[]> {
  const documents: InvoiceDocument[] = [];
  for (const entry of entries) documents.push(await issued(tools, entry));
  return documents;
}
const place = (number: string): number => Number(number.split('-').at(-1));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the numbers of documents', () => {
  it(
    'are 1 to 200 where 200 are drawn at once and each entry comes twice, and dates go with them',
    async () => {
      const { accountId } = await racer(product);
      const entries = await Promise.all(upTo(200).map(n => booked(accountId, sale(`race_${n}`))));
      // As four shards of a stream bring them, each batch to two functions at once, whose clocks differ.
      const deliveries = upTo(4).flatMap(shard => {
        const batch = entries.filter((_, index) => index % 4 === shard - 1);
        return [shard, 9 - shard].map(ms => delivered(dependencies('race', { now: () => AT + ms }), batch));
      });
      const documents = (await Promise.all(deliveries)).flat();
      expect(documents).toHaveLength(400);
      const numbers = new Map(documents.map(({ entryId, number }) => [entryId, number]));
      expect([...numbers.values()].map(place).sort((one, other) => one - other)).toEqual(upTo(200));
      expect(documents.every(({ entryId, number }) => numbers.get(entryId) === number)).toBe(true);
      const inOrder = documents.toSorted((one, other) => place(one.number) - place(other.number));
      const dates = inOrder.map(({ issuedAt }) => issuedAt);
      expect(dates).toEqual(dates.toSorted());
      expect((await product.items(product.tables.core, 'ISSUED#2026-11-24')).length).toBeGreaterThanOrEqual(200);
    },
    TIMEOUT_MS,
  );

  it('are taken once: whoever read the counter before another took the next is refused', async () => {
    const { accountId } = await racer(product);
    const { commit } = await import('../../functions/data/transaction.ts');
    for (const place of [0, 1]) {
      const taken = await issued(dependencies('taken'), await booked(accountId, sale(`taken_${place}`)));
      const late = { ...taken, invoiceId: `inv_late${place}`, mailId: `mail_late${place}` };
      const seen = { place, at: '' };
      const refused = await commit(store.documentWrites(product.tables.core, late, { seen, original: undefined }));
      expect(Object.keys(refused ?? {})).toEqual(['counter']);
      expect(await store.findInvoice(product.tables.core, accountId, late.invoiceId)).toBeUndefined();
    }
  });

  it('are of an issuer and a year: each begins at 1', async () => {
    const { accountId } = await racer(product);
    const draw = async (name: string, id: string, at = AT) =>
      (await issued(dependencies(name, { now: () => at }), await booked(accountId, sale(id)))).number;
    expect([await draw('one', 'a'), await draw('one', 'b'), await draw('two', 'c')]).toEqual([
      '2026-000001',
      '2026-000002',
      '2026-000001',
    ]);
    expect(await draw('one', 'd', Date.UTC(2027, 0, 1))).toBe('2027-000001');
    const days: string[][] = [];
    for await (const page of store.invoicesIssued(product.tables.core, '2027-01-01'))
      days.push(page.map(({ number }) => number));
    expect(days).toEqual([['2027-000001']]);
  });

  it('have no gap after a crash, wherever it was', async () => {
    const { accountId } = await racer(product);
    const crash = async () => {
      throw new Error('crashed');
    };
    const entry = await booked(accountId, sale('crash'));
    await expect(command.issueDocument(dependencies('crash', { pdfOf: crash }), entry)).rejects.toThrow('crashed');
    await expect(command.issueDocument(dependencies('crash', { keepPdf: crash }), entry)).rejects.toThrow('crashed');
    expect(await issued(dependencies('crash'), entry)).toMatchObject({ number: '2026-000001' });
    const next = await booked(accountId, sale('next'));
    expect(await issued(dependencies('crash'), next)).toMatchObject({ number: '2026-000002' });
    const { invoices } = await store.invoicesOf(product.tables.core, accountId, { limit: 9 });
    expect(invoices.map(({ pdf }) => pdf?.bytes)).toEqual([11, 11]);
    // Whoever has tried how often: an e-mail for each, with what it says.
    const { mails } = await mailsOf(product.tables.core, accountId, { limit: 9 });
    expect(mails.map(({ template, fields }) => [template, fields?.number, fields?.total]).sort()).toEqual([
      ['invoice', '2026-000001', '48.00 EUR'],
      ['invoice', '2026-000002', '48.00 EUR'],
    ]);
  });
});

describe('a document', () => {
  it('stays what it was when it was made, and so does its PDF', async () => {
    const { accountId } = await racer(product);
    const entry = await booked(accountId, sale('stays'));
    const first = await issued(dependencies('stays'), entry);
    await issued(dependencies('other', { pdfOf: async () => Buffer.from('another PDF') }), entry);
    const kept = await store.findInvoice(product.tables.core, accountId, documentIdOf(accountId, entry.entry));
    expect(kept).toMatchObject({ number: first.number, issuer: issuer('stays'), pdf: { bytes: 11 } });
    await store.notePdf(product.tables.core, first, { sha256: 'other', bytes: 1 });
    expect(await store.findInvoice(product.tables.core, accountId, first.invoiceId)).toEqual(kept);
  });

  it('is none of an entry without money, and a failing one stops no other', async () => {
    const { accountId } = await racer(product);
    const grant = { id: 'grant#x', kind: 'grant', postings: [], bookedAt: new Date(AT).toISOString() } as BookedEntry;
    expect(await command.issueDocument(dependencies('none'), { accountId, entry: grant })).toBeUndefined();
    const good = await booked(accountId, sale('good'));
    const bad = { accountId: 'acct_nobody', entry: good.entry };
    await expect(command.issueDocuments(dependencies('none'), [bad, good])).rejects.toThrow('1 documents');
    expect((await store.invoicesOf(product.tables.core, accountId, { limit: 9 })).invoices).toHaveLength(1);
  });
});

describe('credit notes', () => {
  it('have numbers of their own, and of one document take at once no more than its tax', async () => {
    const { accountId } = await racer(product);
    const tools = dependencies('credit');
    const bought = await booked(accountId, sale('bought', 1000));
    const refunds = await Promise.all(upTo(10).map(n => booked(accountId, back(`re_${n}`, 100, bought))));
    // The purchase has no document yet: it is made first. Each refund comes twice.
    const deliveries = [refunds, refunds, refunds.toReversed()].map(batch => delivered(tools, batch));
    const notes = (await Promise.all(deliveries)).flat();
    expect([...new Set(notes.map(({ number }) => number))].sort()).toEqual(
      upTo(10).map(n => `CN-2026-${String(n).padStart(6, '0')}`),
    );
    const original =
      (await store.findInvoice(product.tables.core, accountId, documentIdOf(accountId, bought.entry))) ?? expect.fail();
    expect(original).toMatchObject({ number: '2026-000001', total: 1000, tax: 160, credited: 1000 });
    const byNumber = new Map(notes.map(note => [note.number, note]));
    expect([...byNumber.values()].reduce((sum, { tax }) => sum + tax, 0)).toBe(160);
    const more = await booked(accountId, back('re_more', 1, bought));
    await expect(command.issueDocument(tools, more)).rejects.toThrow('1001');
  });

  it('take from what was read of their document: whoever read it before another took of it is refused', async () => {
    const { accountId } = await racer(product);
    const { commit } = await import('../../functions/data/transaction.ts');
    const { core } = product.tables;
    const tools = dependencies('stale');
    const bought = await booked(accountId, sale('stale', 1000));
    let original = await issued(tools, bought);
    for (const n of [1, 2]) {
      const note = await issued(tools, await booked(accountId, back(`stale_${n}`, 100, bought)));
      const late = { ...note, invoiceId: `inv_stale${n}`, mailId: `mail_stale${n}` };
      const seen = await store.findCounter(core, note.issuer, 'credit_note', '2026');
      const refused = await commit(store.documentWrites(core, late, { seen, original }));
      expect(Object.keys(refused ?? {})).toEqual(['original']);
      original = (await store.findInvoice(core, accountId, original.invoiceId)) ?? expect.fail();
      expect(original.credited).toBe(n * 100);
    }
  });

  it('of what nobody bought are refused', async () => {
    const { accountId } = await racer(product);
    const { entry } = await booked(accountId, sale('unused'));
    const stray = await booked(accountId, back('re_stray', 1, { accountId, entry: { ...entry, id: 'purchase#no' } }));
    await expect(command.issueDocument(dependencies('stray'), stray)).rejects.toThrow('names no purchase');
  });
});

it('the entries of a day that have documents are found again, of all accounts', async () => {
  const day = Date.UTC(2026, 5, 1);
  const accounts = [(await racer(product)).accountId, (await racer(product)).accountId];
  for (const accountId of accounts) await booked(accountId, sale('found'), day);
  const found: string[] = [];
  for await (const { accountId } of store.documentedEntries(product.tables.ledger, '2026-06-01')) found.push(accountId);
  expect(found.sort()).toEqual(accounts.toSorted());
});
