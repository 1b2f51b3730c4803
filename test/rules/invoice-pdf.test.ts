import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { moneyText } from '../../functions/catalogue/currencies.ts';
import { retrieveInvoice } from '../../functions/invoices/contract.ts';
import { describeInvoice } from '../../functions/invoices/described.ts';
import type { InvoiceDocument } from '../../functions/invoices/document.ts';
import { pdfOf } from '../../functions/invoices/pdf.ts';
import { textOf } from '../support/pdf-text.ts';

const FONT = readFileSync('functions/invoices/fonts/DejaVuSans.ttf');
const DOCUMENT: InvoiceDocument = {
  invoiceId: 'inv_1',
  accountId: 'acct_1',
  kind: 'invoice',
  series: 'invoice',
  entryId: 'purchase#pur_1',
  valueDate: '2026-11-24',
  reference: 'pi_1',
  issuer: { name: 'Mutoscope GmbH', address: 'Ring 1, Berlin', country: 'DE', taxId: 'DE123456789' },
  customer: { name: 'Ταξίδια Α.Ε.', address: 'Řepná 1, Žďár', country: 'GR', taxId: 'EL123456789' },
  description: '5000 credits for video generation',
  currency: 'eur',
  net: 4800,
  tax: 0,
  total: 4800,
  taxRate: 0,
  taxTreatment: 'reverse_charge',
  number: '2026-000001',
  issuedAt: '2026-11-24T09:14:03.000Z',
  mailId: 'mail_1',
};

describe('the PDF of a document', () => {
  it('says what its record says, in the letters of its customer', async () => {
    const text = await textOf(DOCUMENT);
    const { issuer, customer, number } = DOCUMENT;
    for (const said of ['Invoice', number, '2026-11-24', 'pi_1', issuer.name, issuer.taxId, customer.name, 'Žďár'])
      expect(text).toContain(said);
    expect(text).toContain('EL123456789');
    expect(text).toContain('48.00 EUR');
    expect(text).toContain('Reverse charge');
    expect(text).not.toContain('□');
  });

  it('of a credit note names what it corrects, and of a receipt that it is no tax invoice', async () => {
    const corrects = { invoiceId: 'inv_0', number: '2026-000042' };
    const note = await textOf({ ...DOCUMENT, kind: 'credit_note', corrects, taxTreatment: 'domestic', taxRate: 1900 });
    expect(note).toMatch(/Credit note[\s\S]*2026-000042[\s\S]*Tax 19 %/);
    expect(await textOf({ ...DOCUMENT, kind: 'receipt', taxTreatment: 'not_registered' })).toContain('no tax invoice');
  });

  it('has a box for what its font does not have, and says where that is whole', async () => {
    const text = await textOf({ ...DOCUMENT, customer: { name: '東京 Ltd' } });
    expect(text).toContain('□□ Ltd');
    expect(text).toContain('/v1/invoices/inv_1');
  });

  it('is the same bytes of the same record, and one page also of the longest names', async () => {
    const whole = await pdfOf(FONT, DOCUMENT);
    expect(Buffer.compare(whole, await pdfOf(FONT, DOCUMENT))).toBe(0);
    const long = { name: 'W'.repeat(200), address: 'W '.repeat(250), registrationNumber: 'W'.repeat(100) };
    const pages = Buffer.from(await pdfOf(FONT, { ...DOCUMENT, customer: long })).toString('latin1');
    expect(pages.match(/\/Type \/Page\b/g)).toHaveLength(1);
  });
});

it('a document is shown as the contract says, with nothing left out', () => {
  const shown = describeInvoice(DOCUMENT);
  expect(retrieveInvoice.output.parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({ tax_rate: '0', credited: 0, corrects: null, pdf: null });
  expect(shown.note).toContain('Reverse charge');
  expect(describeInvoice({ ...DOCUMENT, taxRate: 2550, taxTreatment: 'destination' })).toMatchObject({
    tax_rate: '25.5',
    note: null,
  });
});

it('money is written with the digits of its currency', () => {
  expect([moneyText(4800, 'usd'), moneyText(5, 'eur'), moneyText(500, 'jpy'), moneyText(-1234, 'kwd')]).toEqual([
    '48.00 USD',
    '0.05 EUR',
    '500 JPY',
    '-1.234 KWD',
  ]);
});
