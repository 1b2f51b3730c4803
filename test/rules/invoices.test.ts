import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { registerAccount } from '../../functions/accounts/contract.ts';
import {
  countryOfTaxId,
  ISSUER_COUNTRIES,
  TAX_TREATMENTS,
  taxFor,
  taxOn,
  taxWithin,
} from '../../functions/catalogue/tax.ts';
import { purchase, refundPurchase } from '../../functions/credits/ledger.ts';
import { validate } from '../../functions/http/input.ts';
import {
  documentIdOf,
  draftCreditNote,
  draftInvoice,
  type InvoiceDocument,
  numberOf,
  seriesOf,
  taxNote,
} from '../../functions/invoices/document.ts';
import { refusalOf } from './refusal-of.ts';

const ISSUER = { name: 'Mutoscope GmbH', address: 'Ring 1, 10115 Berlin', country: 'DE', taxId: 'DE123456789' };
const COMPANY = {
  name: 'Faro S.L.',
  registration_number: 'B1',
  address: 'Calle Mayor 1, Madrid',
  tax_id: 'ESB12345678',
};
const account = (given: Partial<Account> = {}): Account => ({
  accountId: 'acct_1',
  accountNumber: 1,
  name: 'Ana Faro',
  status: 'active',
  plan: 'trial',
  available: 0,
  held: 0,
  running: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...given,
});
const AT = '2026-11-24T09:14:02.000Z';
const sale = (amount: number) => ({
  ...purchase('pur_1', 5000, { amount, currency: 'eur', reference: 'pi_1' }),
  bookedAt: AT,
});
const refund = (reference: string, amount: number) => ({
  ...refundPurchase(reference, 0, { amount, currency: 'eur', reference }, { entryId: 'purchase#pur_1', bookedAt: AT }),
  bookedAt: '2026-11-25T00:00:00.000Z',
});
const issued = (amount: number, customer: Partial<Account>, issuer = ISSUER): InvoiceDocument => ({
  ...draftInvoice(account(customer), sale(amount), issuer),
  number: '2026-000001',
  issuedAt: AT,
  mailId: 'mail_1',
});
const amounts = fc.integer({ min: 1, max: 10_000_000_000 });
const rates = fc.constantFrom(0, 810, 1700, 1900, 2000, 2550, 2700);

describe('the tax of a customer', () => {
  it.each([
    ['a person at home', 'DE', { country: 'DE' }, 'domestic', 1900],
    [
      'a business at home, which has no reverse charge there',
      'DE',
      { country: 'DE', taxId: 'DE999999999' },
      'domestic',
      1900,
    ],
    ['a person in another member state', 'DE', { country: 'FI' }, 'destination', 2550],
    ['a business in another member state', 'DE', { country: 'ES', taxId: 'ESB12345678' }, 'reverse_charge', 0],
    [
      'a business with the number of a third country',
      'DE',
      { country: 'ES', taxId: 'FR12345678901' },
      'destination',
      2100,
    ],
    [
      'a business in Greece, whose numbers begin with EL',
      'DE',
      { country: 'GR', taxId: 'EL123456789' },
      'reverse_charge',
      0,
    ],
    ['anybody outside the European Union', 'DE', { country: 'JP' }, 'outside_scope', 0],
    ['one whose country nobody knows', 'DE', {}, 'domestic', 1900],
    ['a person at home outside the European Union', 'GB', { country: 'GB' }, 'domestic', 2000],
    ['anybody elsewhere, of an issuer outside it', 'GB', { country: 'DE' }, 'outside_scope', 0],
    ['anybody, of an issuer that is not registered', '', { country: 'DE' }, 'not_registered', 0],
  ] as const)('is of %s right', (_, issuer, customer, treatment, rate) => {
    expect(taxFor(issuer, customer)).toMatchObject({ treatment, rate });
  });

  it('is known for each country in which an issuer may be, and never charged where it is not known', () => {
    for (const country of ISSUER_COUNTRIES) expect(taxFor(country, { country }).rate).toBeGreaterThan(0);
    expect(() => taxFor('US', { country: 'US' })).toThrow('US');
  });

  it('is said in words where none is charged', () => {
    const silent = Object.entries(TAX_TREATMENTS).filter(([, words]) => words === '');
    expect(silent.map(([name]) => name)).toEqual(['domestic', 'destination']);
    expect(taxNote({ taxTreatment: 'reverse_charge' })).toContain('Reverse charge');
  });

  it('knows which country gave a number for tax', () => {
    expect(
      ['ESB12345678', 'EL123456789', 'XI123456789', 'GR123456789', 'GB123456789', 'ES', ''].map(countryOfTaxId),
    ).toEqual(['ES', 'GR', undefined, undefined, undefined, undefined, undefined]);
  });

  it('is a fact of a company that is reviewed with it: its number, without the signs that people write in it', () => {
    const read = (tax_id: string) => {
      const { body } = registerAccount.example;
      return validate(registerAccount.input, { ...body, company: { ...body.company, tax_id } }).company?.tax_id;
    };
    expect(read('es b-1234.5678')).toBe('ESB12345678');
    expect(refusalOf(() => read('12345678'))).toMatchObject({ kind: 'invalid_parameter' });
  });
});

describe('an amount in whole units', () => {
  it('has as much tax in it as is nearest, half a unit up', () => {
    expect([taxWithin(4800, 1900), taxWithin(119, 1900), taxWithin(1, 1900), taxWithin(4800, 0)]).toEqual([
      766, 19, 0, 0,
    ]);
    // Half of each is tax.
    expect([taxWithin(1, 10_000), taxWithin(2, 10_000), taxWithin(3, 10_000)]).toEqual([1, 1, 2]);
    fc.assert(
      fc.property(amounts, rates, (total, rate) => {
        const tax = taxWithin(total, rate);
        // |tax - exact| is half a unit at most, in whole numbers.
        const off = BigInt(tax) * BigInt(10_000 + rate) - BigInt(total) * BigInt(rate);
        return 2n * off <= BigInt(10_000 + rate) && 2n * off > -BigInt(10_000 + rate);
      }),
    );
  });

  it('comes to the same tax from the net and from the total', () => {
    expect([taxOn(4800, 1900), taxOn(50, 100), taxOn(49, 100)]).toEqual([912, 1, 0]);
    fc.assert(fc.property(amounts, rates, (net, rate) => taxWithin(net + taxOn(net, rate), rate) === taxOn(net, rate)));
  });

  it('is refused where it is none', () => {
    for (const wrong of [-1, 1.5, Number.NaN, 1e15]) expect(() => taxWithin(wrong, 1900)).toThrow(RangeError);
  });
});

describe('a document', () => {
  it('says what a company was sold, by whom, and why it is charged no tax', () => {
    expect(issued(4800, { kind: 'company', company: COMPANY, country: 'ES' })).toMatchObject({
      kind: 'invoice',
      series: 'invoice',
      entryId: 'purchase#pur_1',
      valueDate: '2026-11-24',
      reference: 'pi_1',
      issuer: ISSUER,
      customer: { name: 'Faro S.L.', country: 'ES', registrationNumber: 'B1', taxId: 'ESB12345678' },
      description: '5000 credits for video generation',
      net: 4800,
      tax: 0,
      total: 4800,
      taxTreatment: 'reverse_charge',
    });
  });

  it('is a receipt where its issuer is not registered for tax', () => {
    const unregistered = { ...ISSUER, country: '', taxId: '' };
    expect(issued(4800, { country: 'DE' }, unregistered)).toMatchObject({ kind: 'receipt', tax: 0, total: 4800 });
    expect(issued(4800, { country: 'DE' })).toMatchObject({ kind: 'invoice', net: 4034, tax: 766, total: 4800 });
  });

  it('of whatever amount adds up', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom('DE', 'FI', 'HU', 'JP', undefined), (amount, country) => {
        const { net, tax, total } = issued(amount, country ? { country } : {});
        return net + tax === total && total === amount && net >= 0 && tax >= 0;
      }),
    );
  });

  it('says of the tax what was said when it was paid, whatever is known of the customer by then', () => {
    const paid = sale(5712);
    const tax = { amount: 912, rate: 1900, treatment: 'domestic', country: 'DE' } as const;
    const entry = { ...paid, money: { ...paid.money, amount: 5712, currency: 'eur', reference: 'pi_1', tax } };
    const draft = draftInvoice(account({ country: 'JP' }), entry, ISSUER);
    expect(draft).toMatchObject({ net: 4800, tax: 912, total: 5712, taxRate: 1900, taxTreatment: 'domestic' });
  });

  it("that Stripe made has its amounts and is nobody else's, and credit notes take its tax in their shares", () => {
    const tax = { amount: 654_321, rate: 700, treatment: 'stripe' } as const;
    const money = {
      amount: 10_000_000,
      currency: 'eur',
      reference: 'pi_1',
      tax,
      hosted: { id: 'in_1', number: 'AB-0007' },
    };
    const draft = draftInvoice(account(), { ...sale(10_000_000), money }, { ...ISSUER, country: '' });
    expect(draft).toMatchObject({
      kind: 'invoice',
      hosted: { id: 'in_1' },
      net: 9_345_679,
      tax: 654_321,
      total: 10_000_000,
    });
    expect(taxNote(draft)).toContain('Stripe computed');
    let original: InvoiceDocument = { ...draft, number: 'AB-0007', issuedAt: AT };
    const notes = [1, 2_000_000, 7_999_999].map((amount, index) => {
      const note = draftCreditNote(original, refund(`re_${index}`, amount));
      original = { ...original, credited: (original.credited ?? 0) + amount };
      return note;
    });
    expect(notes.map(note => [note.tax, note.total])).toEqual([
      [0, 1],
      [130_864, 2_000_000],
      [523_457, 7_999_999],
    ]);
    expect(notes[0]).toMatchObject({ corrects: { number: 'AB-0007' } });
    expect(notes.every(note => !note.hosted)).toBe(true);
  });

  it('is one for its entry, in the order of booking', () => {
    const entry = { id: 'purchase#pur_1', bookedAt: AT };
    expect(documentIdOf('acct_1', entry)).toBe(documentIdOf('acct_1', { ...entry }));
    expect(documentIdOf('acct_1', entry)).toMatch(/^inv_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
    expect(documentIdOf('acct_2', entry)).not.toBe(documentIdOf('acct_1', entry));
    expect(documentIdOf('acct_1', { ...entry, id: 'purchase#pur_2' })).not.toBe(documentIdOf('acct_1', entry));
    expect(
      documentIdOf('acct_1', { ...entry, bookedAt: '2026-11-25T00:00:00.000Z' }) > documentIdOf('acct_1', entry),
    ).toBe(true);
  });

  it('is of entries with money alone, and has a number of its series and year', () => {
    expect([seriesOf(sale(1)), seriesOf(refund('re_1', 1)), seriesOf({ kind: 'grant' })]).toEqual([
      'invoice',
      'credit_note',
      undefined,
    ]);
    expect([numberOf('invoice', '2026', 1), numberOf('credit_note', '2026', 1_234_567)]).toEqual([
      '2026-000001',
      'CN-2026-1234567',
    ]);
  });
});

describe('credit notes', () => {
  it('say what they correct, and have its customer, issuer and tax, whatever is so by then', () => {
    const original = issued(4800, { country: 'FI' });
    expect(draftCreditNote(original, refund('re_1', 4800))).toMatchObject({
      kind: 'credit_note',
      corrects: { invoiceId: original.invoiceId, number: '2026-000001' },
      customer: original.customer,
      issuer: original.issuer,
      net: original.net,
      tax: original.tax,
      total: original.total,
      taxRate: 2550,
      taxCountry: 'FI',
    });
  });

  it('of a whole amount, in however many parts, take exactly its tax', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.constantFrom('DE', 'FI', 'HU', 'JP'), (shares, country) => {
        const original = issued(
          shares.reduce((sum, share) => sum + share, 0),
          { country },
        );
        let credited = 0;
        let tax = 0;
        for (const [index, share] of shares.entries()) {
          const note = draftCreditNote({ ...original, credited }, refund(`re_${index}`, share));
          expect(note.net + note.tax).toBe(share);
          expect(Math.min(note.net, note.tax)).toBeGreaterThanOrEqual(0);
          credited += share;
          tax += note.tax;
        }
        expect(tax).toBe(original.tax);
      }),
    );
  });

  it('are not of more than was paid', () => {
    expect(() => draftCreditNote({ ...issued(4800, {}), credited: 1 }, refund('re_1', 4800))).toThrow('4801');
  });
});
